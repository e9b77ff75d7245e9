-- What was there before the search is found by it as well. From now on the words come from the
-- verbs that say them; this is close to how those split a text.
create function pg_temp.words(text) returns tsvector language sql immutable as $$
  select array_to_tsvector(array(
    select distinct left(word, 60)
    from regexp_split_to_table(
      regexp_replace(lower(normalize($1, nfkd)), '[\u0300-\u036f]', '', 'g'),
      '[\s!-/:-@[-^`{-~]+') word
    where word <> ''
  ))
$$;
insert into case_words (case_id, message, number, head, said)
select c.id, '', c.number,
  pg_temp.words(concat_ws(' ', c.number, c.subject, c.about, u.name, u.email,
    array_to_string(c.tags, ' '))), ''
from cases c join customers u on u.id = c.customer;
insert into case_words (case_id, message, number, head, said)
select h.case_id, m.id, h.number, h.head, pg_temp.words(m.text)
from case_words h join messages m on m.case_id = h.case_id
where h.message = '' and m.html is null;
drop function pg_temp.words(text);
