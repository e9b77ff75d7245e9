-- Everything we ask to change outside, with its whole life.

-- `id` is also the key that Stripe knows the attempt by, so it is stored before any call.
-- `attempts` counts the times it was sent, always under that key.
create table actions (
  id text primary key,
  kind text not null,
  customer text not null references customers (id),
  target text not null,
  amount bigint,
  currency text,
  reason text not null,
  params jsonb not null,
  requested_by jsonb not null,
  state text not null check (state in ('requested', 'denied', 'awaiting_approval', 'approved',
                                       'submitting', 'succeeded', 'failed', 'unknown')),
  decision jsonb not null,
  business_key text not null,
  contact text,
  "case" text,
  created_at timestamptz not null,
  submitted_at timestamptz,
  attempts int not null default 0,
  looks int not null default 0,
  settled_at timestamptz,
  result jsonb not null,
  error jsonb
);
-- One open attempt a business key, and one payment of an invoice at a time.
create unique index actions_one_open on actions (business_key)
  where state in ('requested', 'awaiting_approval', 'approved', 'submitting', 'unknown');
create unique index actions_one_payment on actions (target)
  where kind = 'retry_payment'
    and state in ('requested', 'awaiting_approval', 'approved', 'submitting', 'unknown');
create index actions_of_customer on actions (customer, created_at desc);
create index actions_of_target on actions (target, created_at desc);

create table action_steps (
  action text not null references actions (id) on delete cascade,
  n int not null,
  state text not null,
  at timestamptz not null,
  because text not null,
  primary key (action, n)
);

-- Addresses that let their holder pay or change a card: read once, never copied anywhere else.
-- `expires_at` is in system time.
create table session_urls (
  action text primary key references actions (id) on delete cascade,
  url text not null,
  expires_at timestamptz not null
);
create index session_urls_expiry on session_urls (expires_at);
