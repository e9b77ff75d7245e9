-- The words that a search finds a case by: a row for its head (what it is called, whose it is, its
-- tags and numbers), with an empty message, and one for each message, which has the head as well.
create table case_words (
  case_id text not null references cases (id) on delete cascade,
  message text not null,
  number bigint not null,
  head tsvector not null,
  said tsvector not null,
  spans text[] not null generated always as (
    case when message = '' then array[
      'h0/' || (number >> 10), 'h1/' || (number >> 14),
      'h2/' || (number >> 18), 'h3/' || (number >> 22)
    ] else array[
      'm0/' || (number >> 10), 'm1/' || (number >> 14),
      'm2/' || (number >> 18), 'm3/' || (number >> 22)
    ] end
  ) stored,
  primary key (case_id, message)
);
create index case_words_found on case_words using gin ((head || said), spans)
  with (fastupdate = off);
