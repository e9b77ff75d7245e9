-- Recovery plans with their steps, notices ahead of time, and the rules that every letter keeps.

-- One plan a failed invoice. `content` is the digest of what it was made from; `decline_class`
-- follows the bank's last word. `paid_at` is kept whatever ended the plan, so that what came in
-- can be counted honestly against `held_out`.
create table recovery_plans (
  invoice text primary key,
  customer text not null references customers (id),
  subscription text,
  decline_class text not null,
  held_out boolean not null,
  amount bigint not null,
  currency text not null,
  state text not null check (state in ('running', 'ended')),
  ended_because text,
  content text not null,
  opened_at timestamptz not null,
  stripe_stopped_at timestamptz,
  ended_at timestamptz,
  paid_at timestamptz,
  check ((state = 'ended') = (ended_at is not null)),
  check ((state = 'ended') = (ended_because is not null))
);
create index recovery_plans_running on recovery_plans (customer) where state = 'running';
create index recovery_plans_opened on recovery_plans (opened_at);

-- `planned_at` is what was planned at first; `due_at` what quiet hours and the cap made of it.
create table recovery_steps (
  id bigint generated always as identity primary key,
  invoice text not null references recovery_plans (invoice),
  kind text not null check (kind in ('letter', 'our_try', 'stripe_try', 'cutoff', 'person')),
  name text not null,
  state text not null check (state in ('next', 'done', 'skipped')),
  planned_at timestamptz not null,
  due_at timestamptz not null,
  at timestamptz,
  reason text not null,
  ref text,
  check ((state = 'next') = (at is null))
);
create index recovery_steps_of on recovery_steps (invoice, due_at);
create unique index recovery_steps_once on recovery_steps (invoice, kind, name, planned_at);

-- Each notice once: `mark` tells apart the notices of one kind about one thing.
create table notices (
  id text primary key,
  kind text not null check (kind in ('card_expiring', 'trial_ending', 'bill_unusual')),
  subject text not null,
  mark text not null,
  customer text not null references customers (id),
  state text not null check (state in ('waiting', 'sent', 'skipped')),
  reason text not null,
  until timestamptz not null,
  data jsonb not null,
  raised_at timestamptz not null,
  at timestamptz,
  unique (kind, subject, mark)
);
create index notices_customer on notices (customer);

-- What every automatic letter keeps to, whoever writes it: kept from content/dunning.toml whenever
-- a process starts.
create table letter_rules (
  one boolean primary key default true check (one),
  most int not null check (most > 0),
  within_days int not null check (within_days > 0),
  quiet_from time not null,
  quiet_until time not null,
  quiet_weekends boolean not null
);
insert into letter_rules (most, within_days, quiet_from, quiet_until, quiet_weekends)
values (4, 7, '20:00', '08:00', true);

-- Every automatic letter, as the cap counts them.
create table letters_written (
  message text primary key references messages (id),
  customer text not null references customers (id),
  at timestamptz not null
);
create index letters_written_customer on letters_written (customer, at desc);

-- Whether a customer wants the letters of a topic. `secret` stands in the address that ends them.
create table letter_choices (
  customer text not null references customers (id),
  topic text not null,
  secret text not null unique,
  unsubscribed_at timestamptz,
  primary key (customer, topic)
);
