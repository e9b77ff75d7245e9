-- The daily look for cards that run out walks through the customers by this, a page at a time.
create index mirror_payment_methods on mirror_objects (customer)
  where kind = 'payment_method' and not deleted;
