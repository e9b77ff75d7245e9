-- Who let what is automatic go on that day: what went out before counts no more.
alter table automatic_alarms
  add column lifted_at timestamptz,
  add column lifted_by jsonb,
  add column lifted_because text;
