-- What customers may use by the company's own system, as it was read last. `customer` is how that
-- system is asked; `standing` is what Stripe said then, so that a newer word of it is not compared.
create table entitlements (
  customer text primary key,
  standing text not null,
  known boolean not null,
  plan text,
  active boolean not null,
  quantity bigint,
  as_of timestamptz,
  asked_at timestamptz not null,
  failed boolean not null
);
-- Where that system is, and how far the last walk through everyone came.
create table entitlement_source (
  single boolean primary key default true check (single),
  kind text not null default 'mirror' check (kind in ('mirror', 'http', 'sql')),
  writable boolean not null default false,
  walked text not null default ''
);
insert into entitlement_source default values;
