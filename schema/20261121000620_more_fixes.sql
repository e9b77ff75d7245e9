-- Fixes that wait for a day, that are one action, or that the customer calls off.
alter table fix_runs drop constraint fix_runs_state_check;
alter table fix_runs add constraint fix_runs_state_check check (state in
  ('starting', 'away', 'saving', 'paying', 'planned', 'doing', 'done', 'failed', 'called_off'));
alter table fix_runs add column due_at timestamptz;

drop index fix_runs_one_open;
create unique index fix_runs_one_open on fix_runs (customer, fix, target)
  where state not in ('done', 'failed', 'called_off');
drop index fix_runs_by_invoice;
create index fix_runs_by_invoice on fix_runs (invoice)
  where state not in ('done', 'failed', 'called_off');
