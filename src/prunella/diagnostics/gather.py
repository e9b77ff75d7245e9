"""Gathering facts: from our copies alone, so that a diagnosis never waits for the outside."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from prunella import mirror
from prunella.diagnostics.facts import Entitlement, Facts, Source, SourceState
from prunella.diagnostics.parse import facts_from
from prunella.diagnostics.parse_access import entitlement
from prunella.kit.house import Tx
from prunella.people import Customer, plans


async def gather(tx: Tx, customer: Customer) -> Facts:
    """Everything a judgement may look at about this customer, as the mirror has it."""
    known = customer.stripe_customer
    if known is None:  # nothing of theirs is at Stripe: all that there is to know is ours
        return _facts_of(tx, customer, {})
    objects = await mirror.objects_of(tx, known)
    status = await mirror.status(tx)
    state: SourceState = "mirror" if status.reachable else "unreachable"
    stripe = Source(name="stripe", as_of=status.as_of, state=state)
    facts = _facts_of(tx, customer, objects, stripe)
    return await _with_access(tx, facts, known, objects) if status.own_source else facts


def _facts_of(
    tx: Tx,
    customer: Customer,
    objects: Mapping[str, Sequence[Mapping[str, Any]]],
    stripe: Source | None = None,
) -> Facts:
    return facts_from(
        objects,
        customer=customer.address,
        now=tx.now,
        as_of=stripe.as_of if stripe else tx.now,
        name=customer.name,
        email=customer.email,
        time_zone=customer.time_zone,
        locale=customer.locale,
        sources=(stripe,) if stripe else (),
    )


async def entitlement_of(tx: Tx, customer: Customer) -> Entitlement | None:
    """Return what they pay for beside what they may use; None where nobody else is to be asked."""
    known = customer.stripe_customer
    asked = await mirror.entitlement_of(tx, known) if known else None
    if known is None or asked is None:
        return None
    found = await mirror.objects_of(tx, known, ["subscription"])
    return entitlement(asked, found["subscription"], await plans.by_name(tx))


async def _with_access(
    tx: Tx, facts: Facts, customer: str, objects: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Facts:
    asked = await mirror.entitlement_of(tx, customer)
    if asked is None:
        return facts
    state: SourceState = "unreachable" if asked.failed else "mirror"
    return replace(
        facts,
        entitlement=entitlement(asked, objects["subscription"], await plans.by_name(tx)),
        sources=(*facts.sources, Source(name="subscriptions", as_of=asked.as_of, state=state)),
    )
