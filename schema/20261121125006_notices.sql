-- What colleagues are told of, how each wants to be told, and the mails that gather it.
create table staff_notice_wishes (
  colleague text not null,
  kind text not null check (kind in ('assigned', 'mentioned', 'heard', 'sla_warned', 'sla_breached')),
  shown boolean not null,
  mailed boolean not null,
  primary key (colleague, kind)
);

create table staff_notice_mails (
  id text primary key,
  colleague text not null,
  recipient text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  error text not null default ''
);

create table staff_notices (
  id text primary key,
  colleague text not null,
  kind text not null check (kind in ('assigned', 'mentioned', 'heard', 'sla_warned', 'sla_breached')),
  case_id text not null references cases (id) on delete cascade,
  actor text,
  shown boolean not null,
  to_mail boolean not null,
  created_at timestamptz not null,
  read_at timestamptz,
  mail text references staff_notice_mails (id)
);
create index staff_notices_shown on staff_notices (colleague, id desc) where shown;
create index staff_notices_unread on staff_notices (colleague, case_id) where read_at is null;
create index staff_notices_to_mail on staff_notices (colleague, id) where to_mail;
create index staff_notices_mail on staff_notices (mail) where mail is not null;
