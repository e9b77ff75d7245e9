-- Finding cases: what lists are filtered by.

-- Everything that a case can be filtered by, as keys of one index, so that any mixture of filters
-- is one look-up. A key that is no tag begins with a colon. Those like :1/61 say where the case
-- stands by its number, in spans of 1,024 x 16^n cases.
alter table cases add column facets text[] not null generated always as (
  array[
    ':s=' || status, ':v=' || severity, ':l=' || level, ':k=' || kind, ':t=' || team,
    ':a=' || coalesce(assignee, 'none'), ':c=' || customer,
    case when spam then ':spam' else ':ham' end,
    case when snoozed_until is null then ':awake' else ':snoozed' end,
    case when status in ('new', 'open', 'pending', 'on_hold') and not spam
      and snoozed_until is null then ':live' else ':still' end,
    ':0/' || (number >> 10), ':1/' || (number >> 14),
    ':2/' || (number >> 18), ':3/' || (number >> 22)
  ] || tags
) stored;
create index cases_facets on cases using gin (facets) with (fastupdate = off);
-- A case without a deadline stands last.
create index cases_by_due on cases ((coalesce(due_at, 'infinity')), number)
  where status in ('new', 'open', 'pending', 'on_hold');
