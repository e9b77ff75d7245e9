-- What lists are filtered by is looked up block by block, as words are, the newest first: so much of
-- it is read as a page needs, whether a filter has all cases or a few. Spans of many sizes had to be
-- met with everything that a filter has in each of them; nothing is looked up by them any more. The
-- key without a name is every case's.
create function in_block(block bigint, keys text[]) returns text[]
language sql immutable strict parallel safe as $$
  select array(select block::text || '/' || key from unnest(keys) key)
$$;
alter table cases drop column facets;
alter table cases add column facets text[] not null generated always as (
  array[
    '', ':s=' || status, ':v=' || severity, ':l=' || level, ':k=' || kind, ':t=' || team,
    ':a=' || coalesce(assignee, 'none'), ':c=' || customer,
    case when spam then ':spam' else ':ham' end,
    case when snoozed_until is null then ':awake' else ':snoozed' end,
    case when status in ('new', 'open', 'pending', 'on_hold') and not spam
      and snoozed_until is null then ':live' else ':still' end
  ] || tags
) stored;
create index cases_found on cases using gin (in_block(number >> 13, facets))
  with (fastupdate = off);

-- Whether a case of a block is among what is looked up. Plain SQL, so that an index serves it.
create function fits_in_block(
  number bigint, facets text[], block bigint, every text[], statuses text[], customers text[]
) returns boolean language sql immutable parallel safe as $$
  select (every is null or in_block(number >> 13, facets) @> in_block(block, every))
    and (statuses is null or in_block(number >> 13, facets) && in_block(block, statuses))
    and (customers is null or in_block(number >> 13, facets) && in_block(block, customers))
$$;
