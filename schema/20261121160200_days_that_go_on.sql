-- Who let what is automatic go on that day, and how much had gone out of it by then, by currency.
alter table automatic_alarms
  add column lifted_at timestamptz,
  add column lifted_by jsonb,
  add column lifted_because text,
  add column lifted_used jsonb;
