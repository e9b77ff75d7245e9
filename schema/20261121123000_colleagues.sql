-- Staff members who sign in by themselves, what everybody who works has, and a customer's CSM.

create table staff (
  id text primary key,
  name text not null check (length(name) between 1 and 100),
  email text not null check (length(email) between 3 and 254),
  role text not null check (role in ('admin', 'lead', 'agent', 'csm', 'finance', 'viewer')),
  password_hash text,
  totp_secret text,
  totp_step bigint not null default 0,
  created_by text not null,
  created_at timestamptz not null,
  joined_at timestamptz,
  disabled_at timestamptz
);
create unique index staff_email on staff (lower(email));

-- One row for each staff member, and for each bare token that a person holds: `id` is either's.
-- capacity is how many open cases somebody takes at once; null leaves it to the team.
create table colleagues (
  id text primary key,
  handle text not null unique check (handle ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  signature text not null default '' check (length(signature) <= 1000),
  capacity integer check (capacity between 0 and 1000),
  teams text[] not null default '{}' check (teams <@ array[
    'support', 'engineering', 'finance', 'solutions', 'product', 'legal', 'infrastructure'])
);

insert into colleagues (id, handle)
select id, 'token-' || row_number() over (order by created_at, id)
from api_tokens where role <> 'service';

-- A token with a member acts as that member, within its scopes.
alter table api_tokens
  add column member text references staff (id),
  add column scopes text[] not null default '{*}',
  add column used_at timestamptz;
create index api_tokens_member on api_tokens (member) where member is not null;

alter table customers add column csm text;
