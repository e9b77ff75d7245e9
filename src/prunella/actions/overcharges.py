"""How much of a proven overcharge has not gone back yet, inside the transaction that reserves."""

from prunella import diagnostics, mirror
from prunella.actions import store, store_billing
from prunella.actions.action import Action
from prunella.actions.credits import credited_besides_refunds
from prunella.actions.given import given_back
from prunella.actions.paid_by import Known, Object, charges_of, id_of
from prunella.diagnostics import Facts
from prunella.diagnostics.overcharges import overcharge_of
from prunella.kit.house import Tx
from prunella.people import Customer


async def left_of_overcharge(
    tx: Tx,
    facts: Facts,
    known: Known,
    *,
    charge: str | None = None,
    invoice: str | None = None,
    besides: str | None,
) -> int:
    """Return what may still be given for it, in minor units; 0 where nothing is proven.

    Every refund and credit of the bills that it rests on counts, whoever made it: also what is
    reserved, on its way or unclear. `besides` is an action of ours that is not counted.
    """
    found = overcharge_of(facts, charge=charge, invoice=invoice)
    if found is None:
        return 0
    back = sum([await _back(tx, bill, known, besides=besides) for bill in found.bills])
    return max(found.over.amount - max(back, found.back.amount), 0)


async def _back(tx: Tx, bill: str, known: Known, *, besides: str | None) -> int:
    rows = await store_billing.credit_notes_of(tx, bill)
    ours = [row for row in rows if row["id"] != besides]
    raw = next((one for one in known["invoice"] if one["id"] == bill), {"id": bill})
    credited = credited_besides_refunds(raw, known["credit_note"], ours)
    refunded = [await _refunded(tx, one, known, besides=besides) for one in charges_of(bill, known)]
    return credited + sum(refunded)


async def _refunded(tx: Tx, charge: Object, known: Known, *, besides: str | None) -> int:
    refunds = [one for one in known["refund"] if id_of(one.get("charge")) == charge["id"]]
    ours = [one for one in await store.refunds_of(tx, charge["id"]) if one.id != besides]
    return given_back(charge, refunds, ours)


def is_within(amount: int | None, left: int) -> bool:
    """Whether what is asked for is no more than what is proven. Pure."""
    return amount is not None and 0 < amount <= left


def is_for_overcharge(action: Action) -> bool:
    """Whether it was asked for as what is proven to have been billed too much. Pure."""
    facts = action.decision.get("facts") or {}
    return any((facts.get(name) or {}).get("overcharge") for name in ("charge", "invoice"))


async def overcharged(tx: Tx, customer: Customer, *, charge: str) -> int:
    """Return what the customer may still ask for of this payment as proven; nothing is held."""
    facts = await diagnostics.gather(tx, customer)
    known = await mirror.objects_of(tx, customer.stripe_customer or "")
    return await left_of_overcharge(tx, facts, known, charge=charge, besides=None)
