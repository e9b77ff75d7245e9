-- One row per fix that a customer began: rows with a state, moved by events.
create table fix_runs (
  id text primary key,
  customer text not null,
  fix text not null,
  target text not null,
  state text not null check (state in ('starting', 'away', 'saving', 'paying', 'done', 'failed')),
  actor jsonb not null,
  contact text not null,
  invoice text,
  field text,
  owner text,
  session text,
  action text,
  problem text,
  opened_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index fix_runs_one_open on fix_runs (customer, fix, target)
  where state not in ('done', 'failed');
create index fix_runs_of_customer on fix_runs (customer, opened_at desc);
create index fix_runs_by_action on fix_runs (action);
create index fix_runs_by_session on fix_runs (session);
create index fix_runs_by_invoice on fix_runs (invoice) where state not in ('done', 'failed');
