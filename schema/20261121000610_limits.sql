-- What policy counts against: content/policy/limits.toml as the processes read it last, so that all
-- of them judge by the same figures. `amount` is in the currency's minor unit.
create table policy_limits (
  name text not null,
  currency text not null,
  amount bigint not null check (amount >= 0),
  primary key (name, currency)
);
create index actions_refunds_of_target on actions (target) where kind = 'refund';

-- Stripe's prices, lookup keys and products by the plan they belong to: content/plans.toml.
create table plan_refs (
  ref text primary key,
  plan text not null,
  asks boolean not null
);
