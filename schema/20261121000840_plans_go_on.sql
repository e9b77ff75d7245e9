-- A plan that stopped because a person took over may go on: from when its steps count then.
alter table recovery_plans add column resumed_at timestamptz;

-- Invoices that fail and have no plan yet are looked for once a day, a page at a time.
create index mirror_failing_invoices on mirror_objects (customer, id)
  where kind = 'invoice' and status = 'open' and not deleted;
