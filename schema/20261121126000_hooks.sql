-- Programs that are told what happens here, and what came of each telling.

-- secrets: the one in use first; while it is changed, the one before stays beside it.
create table hook_endpoints (
  id text primary key,
  url text not null,
  events text[] not null,
  secrets text[] not null check (cardinality(secrets) between 1 and 2),
  state text not null check (state in ('on', 'off', 'failing', 'gone')),
  failing_since timestamptz,
  created_by text not null,
  created_at timestamptz not null
);

-- body: exactly what is signed and sent. created_at is business time; next_at, when it is to be
-- tried, is system time.
create table hook_deliveries (
  id text primary key,
  endpoint text not null references hook_endpoints (id),
  event text not null,
  subject text not null,
  body text not null,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  attempts int not null default 0,
  next_at timestamptz not null,
  created_at timestamptz not null
);
create index hook_deliveries_waiting on hook_deliveries (next_at) where state = 'waiting';
create index hook_deliveries_endpoint on hook_deliveries (endpoint, id desc);

-- Each try; at is system time. status is null when there was no answer.
create table hook_tries (
  delivery text not null references hook_deliveries (id) on delete cascade,
  at timestamptz not null,
  status int,
  took_ms int not null,
  problem text not null,
  primary key (delivery, at)
);
