"""Facts about a payment that is to be given back, inside the transaction that reserves."""

from datetime import datetime, timedelta
from typing import Any

from prunella import diagnostics, mirror
from prunella.actions import gather_standing, store, store_billing
from prunella.actions.action import ActionRequest
from prunella.actions.credits import credited_besides_refunds
from prunella.actions.given import given_back
from prunella.actions.overcharges import is_within, left_of_overcharge
from prunella.actions.ownership import owned
from prunella.actions.paid_by import Known, Object, charges_of, id_of, invoices_of
from prunella.actions.policy import Charge
from prunella.diagnostics.duplicates import is_duplicate
from prunella.kit.clock import from_unix
from prunella.kit.house import Tx
from prunella.people import Customer


async def refund(
    tx: Tx, customer: Customer, asked: ActionRequest, besides: str | None
) -> dict[str, Any]:
    """Return the charge and the customer's standing; `besides` is an action not to count."""
    await mirror.hold(tx, asked.target)
    found = await owned(tx, customer, asked.target, {"charge"})
    known = await mirror.objects_of(tx, customer.stripe_customer or "")
    refunds = [one for one in known["refund"] if id_of(one.get("charge")) == found.id]
    disputes = [one for one in known["dispute"] if id_of(one.get("charge")) == found.id]
    ours = [one for one in await store.refunds_of(tx, found.id) if one.id != besides]
    raw, currency = found.data, str(found.data.get("currency"))
    facts = await diagnostics.gather(tx, customer)
    proven = await left_of_overcharge(tx, facts, known, charge=found.id, besides=besides)
    charge = Charge(
        status=raw.get("status"),
        captured=raw.get("amount_captured") or 0,
        currency=currency,
        given_back=given_back(raw, refunds, ours) + await _credited(tx, raw, known),
        disputed=raw.get("disputed") is True or bool(disputes),
        duplicate=is_duplicate(facts, found.id),
        overcharge=is_within(asked.amount, proven),
        overcharged=proven,
        age_days=days_since(raw.get("created"), tx.now),
    )
    standing = await gather_standing.standing(
        tx, customer, known, currency=currency, besides=besides
    )
    return {"charge": charge, "customer": standing}


async def refundable(tx: Tx, customer: Customer, *, most: int) -> list[tuple[Object, int]]:
    """Return the newest charges of which something is left, each with how much; nothing is held."""
    if customer.stripe_customer is None:
        return []
    known = await mirror.objects_of(tx, customer.stripe_customer)
    taken = [one for one in known["charge"] if one.get("status") == "succeeded"]
    newest = sorted(taken, key=lambda one: one.get("created") or 0, reverse=True)[:most]
    left = [(one, await _left(tx, one, known) - await _credited(tx, one, known)) for one in newest]
    return [(one, amount) for one, amount in left if amount > 0]


async def _credited(tx: Tx, charge: Object, known: Known) -> int:
    """Sum up what credit notes gave of the bill that this charge paid: it is the same money.

    What the bill's other payments still cover is not taken from this one.
    """
    total = 0
    for invoice in invoices_of(charge, known):
        ours = await store_billing.credit_notes_of(tx, invoice["id"])
        credited = credited_besides_refunds(invoice, known["credit_note"], ours)
        others = [one for one in charges_of(invoice["id"], known) if one["id"] != charge["id"]]
        covered = sum([await _left(tx, one, known) for one in others]) if credited else 0
        total += max(credited - covered, 0)
    return total


async def _left(tx: Tx, charge: Object, known: Known) -> int:
    refunds = [one for one in known["refund"] if id_of(one.get("charge")) == charge["id"]]
    given = given_back(charge, refunds, await store.refunds_of(tx, charge["id"]))
    return max((charge.get("amount_captured") or 0) - given, 0)


def days_since(created: Any, now: datetime) -> int:
    """Return the days that have begun since then: a second past 60 days are 61."""
    if not isinstance(created, int):
        return 0
    return -((from_unix(created) - now) // timedelta(days=1))
