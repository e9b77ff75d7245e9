-- Customers, API tokens, sessions, and the keys that sign our own links.

-- For a customer at Stripe, name, email, country and locale are copies that follow the mirror.
-- time_zone and plan are the profile's own and stay null until someone sets them.
create table customers (
  id text primary key,
  stripe_customer text unique,
  name text not null,
  email text,
  country text,
  locale text,
  time_zone text,
  plan text check (plan in ('free', 'starter', 'professional', 'enterprise')),
  created_at timestamptz not null
);

create table api_tokens (
  id text primary key,
  name text not null,
  role text not null
    check (role in ('admin', 'lead', 'agent', 'csm', 'finance', 'viewer', 'service')),
  secret_hash bytea not null unique,
  created_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

create table signing_keys (
  id text primary key,
  secret bytea not null,
  created_at timestamptz not null,
  retired_at timestamptz
);
create unique index signing_keys_one_in_use on signing_keys ((true)) where retired_at is null;

create table sessions (
  secret_hash bytea primary key,
  kind text not null check (kind in ('customer', 'staff')),
  customer text references customers (id) on delete cascade,
  person text not null,
  role text not null,
  purpose text not null,
  subject text not null,
  verified boolean not null,
  csrf text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  check ((kind = 'customer') = (customer is not null))
);
create index sessions_expiry on sessions (expires_at);
create index sessions_person on sessions (person) where kind = 'staff';
