-- A request that waits for a person, and what they decided. `facts` are those that were last shown:
-- what is approved is exactly that. `note` is for people and enters no audit entry.
create table approvals (
  action text primary key references actions (id) on delete cascade,
  asked_at timestamptz not null,
  facts jsonb not null,
  outcome text check (outcome in ('approved', 'refused', 'lapsed')),
  decided_at timestamptz,
  decided_by jsonb,
  note text not null default '',
  check ((outcome is null) = (decided_at is null))
);
create index approvals_waiting on approvals (asked_at) where outcome is null;
