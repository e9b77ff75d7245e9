-- Contacts, messages, cases, outcomes, and mail on its way out.
create table contacts (
  id text primary key,
  customer text not null references customers (id),
  channel text not null check (channel in ('mail', 'web', 'api', 'phone', 'slack')),
  direction text not null check (direction in ('inbound', 'outbound')),
  subject text not null,
  tiers text[] not null check (tiers <@ array['prevent', 'selfheal', 'agent', 'human']),
  created_at timestamptz not null,
  heard_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz
);
create unique index contacts_open on contacts (customer, channel, direction, subject)
  where ended_at is null;
create index contacts_open_about on contacts (subject) where ended_at is null;
create index contacts_customer on contacts (customer, id);
create index contacts_created on contacts (created_at);

-- What a contact costs at each tier, kept from content/economics.toml whenever a process starts.
create table tier_costs (
  tier text primary key check (tier in ('prevent', 'selfheal', 'agent', 'human')),
  amount bigint not null check (amount >= 0),
  currency text not null
);
insert into tier_costs (tier, amount, currency) values
  ('prevent', 10, 'usd'), ('selfheal', 10, 'usd'), ('agent', 20, 'usd'), ('human', 800, 'usd');

create table outcomes (
  contact text primary key references contacts (id),
  customer text not null references customers (id),
  tier text not null check (tier in ('prevent', 'selfheal', 'agent', 'human')),
  confirmed boolean not null,
  tiers text[] not null,
  costs bigint[] not null,
  cost bigint not null,
  currency text not null,
  at timestamptz not null,
  check (cardinality(tiers) = cardinality(costs)),
  check (tier = any (tiers))
);
create index outcomes_at on outcomes (at, contact);

create table cases (
  id text primary key,
  number bigint generated always as identity (start with 1001) unique,
  customer text not null references customers (id),
  contact text references contacts (id),
  subject text not null,
  about text not null,
  reuse_key text not null,
  text text not null,
  status text not null
    check (status in ('new', 'open', 'pending', 'on_hold', 'solved', 'closed')),
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  level text not null check (level in ('support', 'engineering', 'product', 'legal')),
  because text not null,
  context jsonb not null,
  promised_at timestamptz not null,
  opened_at timestamptz not null,
  answered_at timestamptz,
  solved_at timestamptz
);
create unique index cases_one_open on cases (customer, reuse_key)
  where status in ('new', 'open', 'pending', 'on_hold');
create index cases_customer on cases (customer, id desc);
create index cases_contact on cases (contact);

create table messages (
  id text primary key,
  contact text references contacts (id),
  case_id text references cases (id),
  customer text not null references customers (id),
  direction text not null check (direction in ('in', 'out', 'note')),
  author_kind text not null,
  author_id text not null,
  subject text not null,
  text text not null,
  html text,
  created_at timestamptz not null,
  check (contact is not null or case_id is not null)
);
create index messages_contact on messages (contact, id);
create index messages_case on messages (case_id, id) where case_id is not null;

-- state_changed_at is business time; next_at, when to try again, is system time.
create table outbox (
  message text primary key references messages (id),
  recipient text not null,
  headers jsonb not null,
  message_id text unique,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  attempts int not null default 0,
  error text not null default '',
  next_at timestamptz not null,
  state_changed_at timestamptz not null
);
create index outbox_waiting on outbox (next_at) where state = 'waiting';
create index outbox_failed on outbox (state_changed_at) where state = 'failed';
