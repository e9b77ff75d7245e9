-- The switch that makes everything automatic wait for a person: pulled while a row is not lifted.
create table brakes (
  id text primary key,
  stopped_at timestamptz not null,
  stopped_by jsonb not null,
  because text not null,
  lifted_at timestamptz,
  lifted_by jsonb,
  lifted_because text
);
create unique index brakes_one_pulled on brakes ((true)) where lifted_at is null;

-- When the day's automatic money was used up, noted at most once in 24 hours.
create table automatic_alarms (
  at timestamptz primary key,
  action text not null references actions (id) on delete cascade
);
