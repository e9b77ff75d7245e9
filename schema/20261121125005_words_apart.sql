-- What a case is called and what was said are looked up apart: a beginning that a million messages
-- have costs nothing where it is looked for among the heads.
drop index case_words_found;
create index case_words_heads on case_words using gin ((head || said), spans)
  with (fastupdate = off) where message = '';
create index case_words_messages on case_words using gin ((head || said), spans)
  with (fastupdate = off) where message <> '';
