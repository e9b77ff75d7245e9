-- What was found when Stripe's lists were compared with the mirror: one row a kind and turn.

-- `touched_at`, `started_at` and `finished_at` are system time: a turn that nobody touches for a
-- while is taken over. `since` bounds a turn of what is new (null: the whole list), in Stripe's
-- time; `cursor` and `reached` say how far it has come.
create table mirror_sweeps (
  id bigint generated always as identity primary key,
  kind text not null,
  whole boolean not null,
  since timestamptz,
  began_at timestamptz not null,
  cursor text,
  reached timestamptz,
  seen bigint not null default 0,
  missing bigint not null default 0,
  different bigint not null default 0,
  deleted bigint not null default 0,
  skipped text,
  started_at timestamptz not null,
  touched_at timestamptz not null,
  finished_at timestamptz
);
create unique index mirror_sweeps_one_open on mirror_sweeps (kind, whole) where finished_at is null;
create index mirror_sweeps_last on mirror_sweeps (kind, whole, started_at desc);
create index mirror_kinds on mirror_objects (kind, created) where not deleted;
