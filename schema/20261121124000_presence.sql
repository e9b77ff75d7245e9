-- Who looks at which case right now. Each row is a lease in system time; the open page renews it.
create table presence (
  case_id text not null references cases (id) on delete cascade,
  person text not null,
  doing text not null check (doing in ('looking', 'replying', 'noting')),
  until timestamptz not null,
  primary key (case_id, person)
);
create index presence_until on presence (until);
