-- Our copy of Stripe: what came in, what we know, how fresh it is.

-- Stored before the 2xx. `payload` is the raw body, so that nothing in it can refuse to be stored.
-- `not_before` is in system time: a lease while a worker has the event, a pause after a failure.
create table stripe_inbox (
  event_id text primary key,
  type text not null,
  kind text,
  object_id text,
  created timestamptz,
  api_version text,
  payload bytea not null,
  received_at timestamptz not null,
  not_before timestamptz not null,
  state text not null check (state in ('waiting', 'done', 'aside')),
  attempts int not null default 0,
  error text
);
create index stripe_inbox_waiting on stripe_inbox (not_before) where state = 'waiting';
create index stripe_inbox_aside on stripe_inbox (received_at) where state = 'aside';
create index stripe_inbox_done on stripe_inbox (received_at) where state = 'done';

-- One row per object. The data was so at some moment from `as_of` to `as_of_until`, both in
-- Stripe's time; `version` counts the writes, so that a slow reader notices that it is late.
-- `parent` names the object that knows the customer, where this one does not.
create table mirror_objects (
  id text primary key,
  kind text not null,
  customer text,
  parent text,
  status text,
  created timestamptz,
  as_of timestamptz not null,
  as_of_until timestamptz not null,
  deleted boolean not null,
  version bigint not null,
  data jsonb not null
);
create index mirror_of_customer on mirror_objects (customer, kind, created desc);
create index mirror_open_invoices on mirror_objects (customer, created desc)
  where kind = 'invoice' and status = 'open';
create index mirror_orphans on mirror_objects (parent) where customer is null;
create index mirror_customers on mirror_objects (id) where kind = 'customer' and not deleted;

-- One row: when Stripe last answered or failed to, and the newest event that was taken.
create table mirror_contact (
  one boolean primary key default true check (one),
  answered_at timestamptz,
  failed_at timestamptz,
  problem text,
  event_created timestamptz,
  event_taken_at timestamptz
);
insert into mirror_contact default values;

-- How far `prunella sync` has come with each kind.
create table mirror_sync (
  kind text primary key,
  started_at timestamptz not null,
  cursor text,
  cursor_created timestamptz,
  newest timestamptz,
  oldest timestamptz,
  done bigint not null,
  skipped text,
  finished_at timestamptz
);
