-- Mail that came in: stored whole before the server that brought it is told so, taken in batches.
-- received_at and not_before are system time, settled_at is business time.
create table mail_in (
  id text primary key,
  source text not null check (source in ('lmtp', 'imap')),
  message_id text not null,
  body_hash bytea not null,
  first boolean not null,
  copies int not null default 1,
  envelope_from text,
  envelope_to text[] not null,
  raw bytea not null,
  size int not null,
  received_at timestamptz not null,
  state text not null check (state in ('waiting', 'done', 'aside')),
  outcome text not null default '',
  error text not null default '',
  attempts int not null default 0,
  not_before timestamptz not null,
  settled_at timestamptz,
  sender text not null default '',
  sender_name text not null default '',
  subject text not null default '',
  cc text[] not null default '{}',
  verified boolean not null default false,
  html text not null default '',
  message text references messages (id),
  case_id text references cases (id),
  unique (message_id, body_hash)
);
-- The same Message-ID never makes two cases; another mail under it is kept, aside.
create unique index mail_in_once on mail_in (message_id) where first;
create index mail_in_waiting on mail_in (not_before) where state = 'waiting';
create index mail_in_aside on mail_in (received_at desc) where state = 'aside';
create index mail_in_message on mail_in (message) where message is not null;
create index mail_in_case on mail_in (case_id) where case_id is not null;

-- Who belongs to the thread of a case: only they can answer into it.
create table case_people (
  case_id text not null references cases (id),
  email text not null,
  how text not null check (how in ('asked', 'cc', 'written_to')),
  added_at timestamptz not null,
  primary key (case_id, email)
);

-- Which mails of a folder were seen, by UID; another UIDVALIDITY is another folder.
create table mail_uids (
  folder text not null,
  uidvalidity bigint not null,
  uid bigint not null,
  mail text references mail_in (id),
  note text not null default '',
  seen_at timestamptz not null,
  primary key (folder, uidvalidity, uid)
);

-- When somebody was last answered by a machine.
create table mail_acknowledged (
  who text primary key,
  at timestamptz not null
);

-- What the HMAC in our Message-IDs is made with. It stays: an answer may come after months.
create table mail_secret (
  only_one boolean primary key default true check (only_one),
  secret bytea not null
);

-- A message can be sent as it stands, or in the words of a letter around it.
alter table outbox
  add column cc text[] not null default '{}',
  add column parents text[] not null default '{}',
  add column sender text not null default '',
  add column subject text,
  add column text text,
  add column html text;
create index outbox_recent on outbox (state_changed_at desc, message);
