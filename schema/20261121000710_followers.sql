-- One account under several names: a row that follows another is only a way to it. So Stripe's
-- merged customers, and a free account that came to Stripe, keep one history.
alter table customers add column follows text references customers (id)
  check (follows <> id);
create index customers_followers on customers (follows) where follows is not null;
