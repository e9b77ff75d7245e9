-- Visits inside the company's own product, and where a fix that left from there comes back to.

-- look: the variables of its appearance as a query, checked again whenever it is read. refused: the
-- names of those that could not be used.
create table embeds (
  secret_hash bytea primary key references sessions (secret_hash) on delete cascade,
  home text not null,
  look text not null,
  refused text not null
);

create table embed_runs (
  run text primary key,
  home text not null,
  created_at timestamptz not null
);
create index embed_runs_age on embed_runs (created_at);

-- The desk finds customers by how their name, mail or id begins.
create index customers_by_name on customers (lower(name) text_pattern_ops);
create index customers_by_email on customers (lower(email) text_pattern_ops);
create index mirror_objects_by_name on mirror_objects (lower(data ->> 'name') text_pattern_ops)
  where kind = 'customer' and not deleted;
create index mirror_objects_by_email on mirror_objects (lower(data ->> 'email') text_pattern_ops)
  where kind = 'customer' and not deleted;
