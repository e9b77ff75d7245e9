-- Which events a listener wants that does not always want them: of others it gets no delivery.
create view wanted_events (listener, event) as
select distinct 'hooks.tell', unnest(events) from hook_endpoints where state = 'on';
