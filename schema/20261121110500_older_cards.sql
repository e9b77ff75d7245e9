-- Customers whose older cards and sources stand in them: the daily look for cards that run out.
create index mirror_older_cards on mirror_objects (id)
  where kind = 'customer' and not deleted and data -> 'sources' is not null;
