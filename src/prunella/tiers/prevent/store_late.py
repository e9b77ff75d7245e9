"""Invoices that fail and have no plan, as the mirror has them."""

from dataclasses import dataclass

from prunella.kit.house import Tx

# What an invoice is sent for is paid by hand; nothing of it fails. `place` counts the customer's
# own open ones before it, so that their plans do not begin on one day.
_FAILING = """
select m.customer, m.id as invoice,
  (select count(*) from mirror_objects before
   where before.kind = 'invoice' and before.status = 'open' and not before.deleted
     and before.customer = m.customer and before.id < m.id) as place
from mirror_objects m
where m.kind = 'invoice' and m.status = 'open' and not m.deleted and m.customer is not null
  and (m.customer, m.id) > (%(customer)s, %(invoice)s)
  and m.data ->> 'collection_method' is distinct from 'send_invoice'
  and (m.data ->> 'attempted')::boolean
  and not exists (select 1 from recovery_plans p where p.invoice = m.id)
order by m.customer, m.id limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Failing:
    """An open invoice of a Stripe customer; `place` counts from 0 among theirs."""

    customer: str
    invoice: str
    place: int


async def failing_without_plan(tx: Tx, *, after: tuple[str, str], limit: int) -> list[Failing]:
    """Return them in order, from the one after `after` (customer, invoice) on."""
    where = {"customer": after[0], "invoice": after[1], "limit": limit}
    return [Failing(**row) for row in await tx.all(_FAILING, where)]
