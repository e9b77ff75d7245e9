-- What is wanted of whom: '' is any event, or any customer. Queues are given out where sla.toml says
-- so, and a recovery steps aside for a person only while it runs: nobody else gets a delivery.
alter table sla_rules add column assigns boolean not null default true;
create or replace view wanted_events (listener, event, customer) as
select 'hooks.tell', unnest(events), '' from hook_endpoints where state = 'on'
union all
select 'cases.drain', '', '' from sla_rules where assigns
union all
select 'prevent.step_aside', 'case.opened', customer from recovery_plans where state = 'running';
