-- What we did: rows are added and never changed.
create table audit_entries (
  seq bigint generated always as identity primary key,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_role text not null,
  verb text not null,
  subject text not null,
  customer text,
  because text not null,
  before jsonb,
  after jsonb
);
create index audit_entries_subject on audit_entries (subject, seq);

create function audit_entries_stay() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are only ever added, never changed or removed'
    using errcode = 'integrity_constraint_violation';
end
$$;
create trigger audit_entries_stay before update or delete on audit_entries
  for each row execute function audit_entries_stay();
create trigger audit_entries_stay_whole before truncate on audit_entries
  for each statement execute function audit_entries_stay();
