-- Limits are read with the rules, and each decision names the content that it stood on.
drop table policy_limits;
-- What went out by itself within a day, and the refunds of a customer, are summed up in every
-- request that gives money.
create index actions_giving on actions (created_at)
  where kind in ('refund', 'credit_balance', 'credit_note') and amount > 0;
