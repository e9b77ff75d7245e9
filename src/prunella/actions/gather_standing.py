"""Facts about the customer whom money is given to: what they got lately, what tells of risk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prunella import people
from prunella.actions import store_limits
from prunella.actions.credits import credited_lately
from prunella.actions.paid_by import Known, id_of
from prunella.actions.policy import GIVES, Standing
from prunella.kit.house import Tx
from prunella.people import Customer

WINDOW = timedelta(days=30)
_NOT_GIVEN = frozenset({"failed", "canceled"})
Given = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What a customer got within 30 days, in minor units of one currency; `refunds` in any."""

    refunded: int
    refunds: int
    credited: int


async def standing(
    tx: Tx, customer: Customer, known: Known, *, currency: str, besides: str | None
) -> Standing:
    """Look at `known`, the customer's objects at Stripe, and at our own ledger."""
    got = await lately(tx, customer, known, currency=currency, besides=besides)
    return Standing(
        plan=customer.plan,
        flags=tuple(_flags(known)),
        given=got.refunded,
        refunds=got.refunds,
        credited=got.credited,
    )


async def lately(
    tx: Tx, customer: Customer, known: Known, *, currency: str, besides: str | None
) -> Lately:
    """Count everyone's refunds and credits, also what is reserved or unclear."""
    since = tx.now - WINDOW
    names = await people.ids_of(tx, customer)
    rows = await store_limits.given_to(tx, names, gives=sorted(GIVES), since=since)
    ours = [row for row in rows if row["id"] != besides]
    refunds = [row for row in ours if row["kind"] == "refund"]
    after = int(since.timestamp())
    given = given_lately(known, refunds, since=after)
    credited = credited_lately(known, [row for row in ours if row not in refunds], since=after)
    return Lately(
        refunded=_sum(given, currency), refunds=len(given), credited=_sum(credited, currency)
    )


def _sum(given: Sequence[Given], currency: str) -> int:
    return sum(amount for paid_in, amount in given if paid_in == currency)


def given_lately(known: Known, ours: Sequence[Mapping[str, Any]], *, since: int) -> list[Given]:
    """Return currency and amount of every refund since then, whoever made it. Pure.

    What a charge shows as refunded beyond its refunds has no date yet, so it counts as new.
    """
    theirs = [one for one in known["refund"] if one.get("status") not in _NOT_GIVEN]
    seen = {one["id"] for one in known["refund"]}
    marked = {(one.get("metadata") or {}).get("prunella_action") for one in known["refund"]}
    reserved = [one for one in ours if one["id"] not in marked and one["refund"] not in seen]
    found = [_amount(one) for one in theirs if (one.get("created") or since) >= since]
    found += [_amount(one) for one in reserved]
    return found + list(_beyond(known, theirs, reserved))


def _beyond(
    known: Known, theirs: Sequence[Mapping[str, Any]], reserved: Sequence[Mapping[str, Any]]
) -> Iterator[Given]:
    """A charge may be read before its refunds are: what we reserved on it may be the same money."""
    for charge in known["charge"]:
        of_charge = [one for one in theirs if id_of(one.get("charge")) == charge["id"]]
        ours = [one for one in reserved if one["target"] == charge["id"]]
        shown = sum(one.get("amount") or 0 for one in (*of_charge, *ours))
        more = (charge.get("amount_refunded") or 0) - shown
        if more > 0:
            yield str(charge.get("currency")), more


def _amount(one: Mapping[str, Any]) -> Given:
    return str(one.get("currency") or "").lower(), one.get("amount") or 0


def _flags(known: Known) -> Iterator[str]:
    if known["dispute"]:
        yield "disputed_before"
    if any(one.get("delinquent") for one in known["customer"]):
        yield "delinquent"
