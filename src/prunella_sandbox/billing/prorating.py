"""Prorations: what a change in mid-period gives back, and what it costs for the rest.

Both become invoice items. They wait for the next renewal (`create_prorations`), or an invoice is
made of them at once (`always_invoice`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from prunella_sandbox.billing import debits, waiting
from prunella_sandbox.billing.debits import Debit
from prunella_sandbox.billing.lines import pricing_of
from prunella_sandbox.billing.pricing import amount_for
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

BEHAVIORS = ("always_invoice", "create_prorations", "none")
UNBILLED = {"trialing", "paused", "incomplete"}


@dataclass(frozen=True, kw_only=True)
class Proration:
    """How to bill a change, and at which moment it counts."""

    behavior: str
    at: int

    @property
    def is_wanted(self) -> bool:
        return self.behavior != "none"


def note_billed(world: World, subscription: Obj, lines: list[Obj]) -> Obj:
    """Remember what an invoice bills of the period that has just begun."""
    billed = tuple(filter(None, map(_debit_of, lines)))
    return world.update(world.fresh(subscription), _debits=billed)


def _debit_of(line: Obj) -> Debit | None:
    details = line["parent"]["subscription_item_details"]
    if details is None or details["invoice_item"]:
        return None
    return Debit(
        item=details["subscription_item"],
        price=line["pricing"]["price_details"]["price"],
        quantity=line["quantity"],
        amount=line["amount"],
        start=line["period"]["start"],
        end=line["period"]["end"],
    )


def credit_unused(world: World, subscription: Obj, proration: Proration) -> Obj:
    """Give back what of the running period is unused, for every item."""
    current = world.fresh(subscription)
    used, unused = debits.split(current["_debits"], at=proration.at)
    if not proration.is_wanted:
        return world.update(current, _debits=())
    for debit in unused:
        _credit(world, current, debit)
    return world.update(current, _debits=used)


def bill_change(world: World, before: Obj, after: Obj, proration: Proration) -> Obj:
    """Credit and charge what a change of items means for the rest of the running period.

    With `none` the rest of the period stays as it was billed, also for later changes.
    """
    current = world.fresh(after)
    if not proration.is_wanted or current["status"] in UNBILLED:
        return current
    changed = _changed(before, after)
    touched = [debit for debit in current["_debits"] if debit.item in changed]
    others = tuple(debit for debit in current["_debits"] if debit.item not in changed)
    used, unused = debits.split(touched, at=proration.at)
    for debit in unused:
        _credit(world, current, debit)
    billed = tuple(
        _charge(world, current, item, proration)
        for item in after["items"]["data"]
        if item["id"] in changed and item["price"]["recurring"]["usage_type"] == "licensed"
    )
    return world.update(world.fresh(current), _debits=(*others, *used, *billed))


def _changed(before: Obj, after: Obj) -> set[str]:
    old, new = _terms(before), _terms(after)
    return {item for item in old.keys() | new.keys() if old.get(item) != new.get(item)}


def _terms(subscription: Obj) -> dict[str, tuple[str, int | None]]:
    return {
        item["id"]: (item["price"]["id"], item.get("quantity"))
        for item in subscription["items"]["data"]
    }


def _credit(world: World, subscription: Obj, debit: Debit) -> None:
    words = f"Unused time on {_name(world, debit)} after {_day(debit.start)}"
    _store(world, subscription, replace(debit, amount=-debit.amount), words)


def _charge(world: World, subscription: Obj, item: Obj, proration: Proration) -> Debit:
    start, end = item["current_period_start"], item["current_period_end"]
    price = world.need("price", item["price"]["id"])
    full = amount_for(price, item["quantity"])
    debit = Debit(
        item=item["id"],
        price=price["id"],
        quantity=item["quantity"],
        amount=debits.share(full, of=end - proration.at, whole=end - start),
        start=proration.at,
        end=end,
    )
    words = f"Remaining time on {_name(world, debit)} after {_day(proration.at)}"
    _store(world, subscription, debit, words)
    return debit


def _name(world: World, debit: Debit) -> str:
    product = world.need("product", world.need("price", debit.price)["product"])
    count = f"{debit.quantity} × " if debit.quantity != 1 else ""  # noqa: RUF001 - Stripe's own sign
    return f"{count}{product['name']}"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, tz=UTC).strftime("%d %b %Y")


def _store(world: World, subscription: Obj, debit: Debit, words: str) -> None:
    """Store an invoice item that waits for the subscription's next invoice."""
    price = world.need("price", debit.price)
    details = {"subscription": subscription["id"], "subscription_item": debit.item}
    item = world.insert(
        "invoiceitem",
        amount=debit.amount,
        currency=price["currency"],
        customer=subscription["customer"],
        customer_account=None,
        date=world.clock.unix(),
        description=words,
        discountable=False,
        discounts=[],
        invoice=None,
        livemode=False,
        metadata={},
        net_amount=debit.amount,
        parent={"subscription_details": details, "type": "subscription_details"},
        period={"end": debit.end, "start": debit.start},
        pricing=pricing_of(price),
        proration=True,
        proration_details={"credited_items": None, "discount_amounts": []},
        quantity=debit.quantity,
        quantity_decimal=str(debit.quantity),
        tax_rates=[],
        test_clock=subscription["test_clock"],
    )
    waiting.put(world, item)
    emit(world, "invoiceitem.created", item)
