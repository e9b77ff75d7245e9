"""Gathering facts: from the mirror alone, so that a diagnosis never waits for Stripe."""

from prunella import mirror
from prunella.diagnostics.facts import Facts, Source, SourceState
from prunella.diagnostics.parse import facts_from
from prunella.kit.house import Tx
from prunella.people import Customer


async def gather(tx: Tx, customer: Customer) -> Facts:
    """Everything a judgement may look at about this customer, as the mirror has it."""
    known = customer.stripe_customer
    objects = await mirror.objects_of(tx, known) if known else {}
    status = await mirror.status(tx)
    state: SourceState = "mirror" if status.reachable else "unreachable"
    return facts_from(
        objects,
        customer=customer.address,
        now=tx.now,
        as_of=status.as_of,
        name=customer.name,
        email=customer.email,
        time_zone=customer.time_zone,
        locale=customer.locale,
        sources=(Source(name="stripe", as_of=status.as_of, state=state),) if known else (),
    )
