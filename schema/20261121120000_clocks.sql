-- The clocks of a case, what sla.toml says, and the next deadline that a case is run at.

-- due_at is null while the case waits for the customer, and once nothing is owed any more.
alter table cases add column due_at timestamptz;
update cases set due_at = promised_at where status in ('new', 'open', 'on_hold')
  and answered_at is null;
create index cases_due on cases (due_at, id)
  where status in ('new', 'open', 'pending', 'on_hold');

-- Plan, zone and country are those of the day it was opened: what was promised then stays so.
-- paused_for is in the time that the clock runs in: for most plans, in business hours.
create table case_clocks (
  case_id text primary key references cases (id),
  plan text,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  time_zone text not null,
  country text,
  opened_at timestamptz not null,
  response_due_at timestamptz,
  response_target_at timestamptz,
  resolution_due_at timestamptz,
  resolution_target_at timestamptz,
  batch_at timestamptz,
  responded_at timestamptz,
  resolved_at timestamptz,
  paused_at timestamptz,
  paused_for interval not null default '0',
  warned text[] not null default '{}' check (warned <@ array['response', 'resolution']),
  breached text[] not null default '{}' check (breached <@ array['response', 'resolution']),
  watched text,
  watched_at timestamptz
);
create index case_clocks_opened on case_clocks (opened_at);
create index case_clocks_batch on case_clocks (batch_at)
  where batch_at is not null and responded_at is null and resolved_at is null;

-- The text of sla.toml, kept whenever a process starts.
create table sla_rules (
  "only" boolean primary key default true check ("only"),
  text text not null
);
