-- Files that hang on a message; in the database, so that one backup holds everything.
create table attachments (
  id text primary key,
  message text not null references messages (id),
  name text not null,
  type text not null,
  size int not null check (size >= 0),
  sha256 bytea not null,
  data bytea not null,
  created_at timestamptz not null
);
alter table attachments alter column data set storage external;
create index attachments_message on attachments (message, id);
