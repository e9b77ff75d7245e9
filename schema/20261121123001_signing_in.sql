-- How staff members come in. All of it lives in system time.

-- An authenticator app that is being set up, until its first code is told.
alter table staff add column totp_next text, add column totp_next_at timestamptz;

-- Links that set up a way in. Without a member: for whoever becomes the first admin.
create table invitations (
  secret_hash bytea primary key,
  member text references staff (id) on delete cascade,
  totp_secret text not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create unique index invitations_one_each on invitations (coalesce(member, ''));

create table recovery_codes (
  member text not null references staff (id) on delete cascade,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (member, code_hash)
);

-- The password was right, the code is still to come.
create table half_sign_ins (
  secret_hash bytea primary key,
  member text not null references staff (id) on delete cascade,
  expires_at timestamptz not null
);
create index half_sign_ins_expiry on half_sign_ins (expires_at);

-- A bucket for whom somebody says they are, known or not: when it will be full again.
create table sign_in_tries (
  key bytea primary key,
  full_at timestamptz not null
);
create index sign_in_tries_full on sign_in_tries (full_at);

-- What tells one session from another to the person whose they are.
alter table sessions
  add column id text,
  add column device text not null default '',
  add column address text not null default '',
  add column seen_at timestamptz;
update sessions set id = 'sid_' || left(encode(secret_hash, 'hex'), 26);
alter table sessions alter column id set not null;
create unique index sessions_id on sessions (id);
