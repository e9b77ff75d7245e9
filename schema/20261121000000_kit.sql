-- Events, their deliveries, timers and idempotency keys.
create table events (
  seq bigint generated always as identity primary key,
  name text not null,
  subject text not null,
  customer text,
  data jsonb not null,
  at timestamptz not null
);

create table deliveries (
  event bigint not null references events (seq) on delete cascade,
  listener text not null,
  next_at timestamptz not null,
  attempts int not null default 0,
  dead boolean not null default false,
  error text,
  primary key (event, listener)
);
create index deliveries_due on deliveries (next_at, event) where not dead;

create table timers (
  name text not null,
  subject text not null,
  due_at timestamptz not null,
  data jsonb not null,
  attempts int not null default 0,
  dead boolean not null default false,
  error text,
  primary key (name, subject)
);
create index timers_due on timers (due_at) where not dead;

create table idempotency_keys (
  scope text not null,
  key text not null,
  fingerprint text not null,
  result jsonb,
  created_at timestamptz not null,
  primary key (scope, key)
);
