-- Lists of cases that somebody keeps under a name, for themselves or for everybody.
create table case_views (
  id text primary key,
  owner text not null,
  name text not null check (length(name) between 1 and 60),
  shared boolean not null,
  wanted jsonb not null,
  created_at timestamptz not null
);
create unique index case_views_one_name on case_views (owner, lower(name));
create index case_views_shared on case_views (lower(name)) where shared;
