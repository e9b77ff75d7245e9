-- Words are looked up block by block, each of 8,192 numbers, the newest first: a word, or a beginning
-- that very many old ones share, is read no further than a page needs.
create function by_block(number bigint, words tsvector) returns tsvector
language sql immutable strict parallel safe as $$
  select array_to_tsvector(array(
    select (number >> 13)::text || '/' || word from unnest(tsvector_to_array(words)) word
  ))
$$;
drop index case_heads_found;
drop index case_words_found;
alter table case_heads drop column spans;
alter table case_words drop column spans;
create index case_heads_found on case_heads using gin (by_block(number, head))
  with (fastupdate = off);
create index case_words_found on case_words using gin (by_block(number, head || said))
  with (fastupdate = off);
