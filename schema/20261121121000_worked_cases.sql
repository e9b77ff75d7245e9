-- What people need to work on cases together: who has it, what it is about, when it comes back.
alter table cases
  add column kind text not null default 'question'
    check (kind in ('question', 'incident', 'problem', 'task')),
  add column channel text not null default 'web'
    check (channel in ('mail', 'web', 'api', 'phone', 'slack')),
  add column assignee text,
  add column team text not null default 'support' check (team in (
    'support', 'engineering', 'finance', 'solutions', 'product', 'legal', 'infrastructure')),
  add column tags text[] not null default '{}' check (cardinality(tags) <= 20),
  add column priority smallint not null default 40 check (priority between 0 and 100),
  add column snoozed_until timestamptz,
  add column spam boolean not null default false,
  add column merged_into text references cases (id) check (merged_into <> id),
  add column cause text not null default '',
  add column closings int not null default 0,
  add column root_cause text not null default '';
update cases set team = level where level <> 'support';
update cases set closings = 1 where status in ('solved', 'closed');
update cases set cause = case
  when about <> '' and coalesce(context #>> '{diagnosis,root_cause}', 'healthy') <> 'healthy'
  then context #>> '{diagnosis,root_cause}' else reuse_key end;
create index cases_merged on cases (merged_into) where merged_into is not null;

-- A link is read from either end: one_case follows, duplicates, is caused by or relates to other.
create table case_links (
  one_case text not null references cases (id),
  other text not null references cases (id) check (other <> one_case),
  kind text not null check (kind in ('related', 'duplicate', 'caused_by', 'follows', 'split_from')),
  created_at timestamptz not null,
  primary key (one_case, other, kind)
);
create index case_links_other on case_links (other);

alter table messages
  add column channel text not null default 'web'
    check (channel in ('mail', 'web', 'api', 'phone', 'slack')),
  add column cc text[] not null default '{}' check (cardinality(cc) <= 20),
  add column mentions text[] not null default '{}' check (cardinality(mentions) <= 20);
