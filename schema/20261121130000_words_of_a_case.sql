-- What was said on a case stands in one row, so that words meet whoever said them, in whichever
-- message. What a case is called stands apart, as it is looked through first. A case on which very
-- much was said has several parts.
alter table case_words rename to case_words_before;
create table case_heads (
  case_id text primary key references cases (id) on delete cascade,
  number bigint not null,
  head tsvector not null,
  spans text[] not null generated always as (array[
    ':0/' || (number >> 10), ':1/' || (number >> 14),
    ':2/' || (number >> 18), ':3/' || (number >> 22)
  ]) stored
);
alter table case_words_before rename constraint case_words_pkey to case_words_before_pkey;
create table case_words (
  case_id text not null references cases (id) on delete cascade,
  part int not null,
  number bigint not null,
  head tsvector not null,
  said tsvector not null,
  spans text[] not null generated always as (array[
    ':0/' || (number >> 10), ':1/' || (number >> 14),
    ':2/' || (number >> 18), ':3/' || (number >> 22)
  ]) stored,
  primary key (case_id, part)
) with (autovacuum_vacuum_scale_factor = 0.05);

insert into case_heads (case_id, number, head)
select case_id, number, head from case_words_before where message = '';
create aggregate pg_temp.together (tsvector) (
  sfunc = tsvector_concat, stype = tsvector, initcond = ''
);
-- A vector has a limit: where it might be reached, each message is a part until the case is read
-- anew.
insert into case_words (case_id, part, number, head, said)
select h.case_id, 0, h.number, h.head, s.said
from case_heads h join (
  select case_id, pg_temp.together(said) as said from case_words_before
  where message <> '' group by case_id having sum(length(said)) <= 3000
) s on s.case_id = h.case_id;
insert into case_words (case_id, part, number, head, said)
select h.case_id, row_number() over (partition by h.case_id order by w.message) - 1,
  h.number, h.head, w.said
from case_heads h join case_words_before w on w.case_id = h.case_id and w.message <> ''
where h.case_id in (
  select case_id from case_words_before where message <> ''
  group by case_id having sum(length(said)) > 3000
);
drop table case_words_before;
drop aggregate pg_temp.together (tsvector);
create index case_heads_found on case_heads using gin (head, spans) with (fastupdate = off);
create index case_words_found on case_words using gin ((head || said), spans)
  with (fastupdate = off);

-- Cases whose words are as an earlier version split them: the worker reads them anew.
create table cases_to_read (case_id text primary key references cases (id) on delete cascade);
insert into cases_to_read (case_id) select id from cases;

-- Whether a case is among what a list is filtered by. Plain SQL, so that an index serves it.
create function fits(facets text[], every text[], never text[], statuses text[], customers text[])
returns boolean language sql immutable parallel safe as $$
  select (every is null or facets @> every) and not facets && never
    and (statuses is null or facets && statuses) and (customers is null or facets && customers)
$$;
