-- Who writes to us and has no account: a customer of their own, who is never verified.
alter table customers add column guest boolean not null default false;
create unique index customers_one_guest on customers (lower(email)) where guest and follows is null;
