"""The account's own balance: what each charge, refund and dispute moves, and when it is there.

A charge is available after two days, with the test card …0077 at once. With the setting
`refunds_need_balance` a refund that the available balance does not cover waits until it does.
"""

from __future__ import annotations

from collections import defaultdict

from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

KIND = "balance_transaction"
WAITING = "_waiting_refunds"
DAY = 24 * 3600
AVAILABLE_AFTER_DAYS = 2
FEE_PERCENT_TIMES_TEN, FEE_FIXED = 29, 30
DISPUTE_FEE = 1500


def of_charge(world: World, charge: Obj, *, is_at_once: bool) -> Obj:
    taken = charge["amount_captured"]
    fee = min(taken, taken * FEE_PERCENT_TIMES_TEN // 1000 + FEE_FIXED)
    delay = 0 if is_at_once else AVAILABLE_AFTER_DAYS * DAY
    moved = _move(world, charge, kind="charge", amount=taken, fee=fee, delay_seconds=delay)
    if is_at_once:
        _wake_refunds(world)
    return moved


def of_refund(world: World, refund: Obj) -> Obj:
    return _move(world, refund, kind="refund", amount=-refund["amount"])


def of_failed_refund(world: World, refund: Obj) -> Obj:
    return _move(world, refund, kind="refund_failure", amount=refund["amount"])


def of_dispute(world: World, dispute: Obj, *, is_won: bool) -> Obj:
    sign = 1 if is_won else -1
    return _move(
        world,
        dispute,
        kind="adjustment",
        amount=sign * dispute["amount"],
        fee=-sign * DISPUTE_FEE,
        category="dispute_reversal" if is_won else "dispute",
        description=f"Chargeback {'reversal' if is_won else 'withdrawal'} for {dispute['charge']}",
    )


def _move(
    world: World,
    source: Obj,
    *,
    kind: str,
    amount: int,
    fee: int = 0,
    delay_seconds: int = 0,
    category: str | None = None,
    description: str | None = None,
) -> Obj:
    detail = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": "Dispute fee" if kind == "adjustment" else "Stripe processing fees",
        "type": "stripe_fee",
    }
    return world.insert(
        KIND,
        amount=amount,
        available_on=world.clock.unix() + delay_seconds,
        balance_type="payments",
        currency=source["currency"],
        description=description or source.get("description"),
        exchange_rate=None,
        fee=fee,
        fee_details=[detail] if fee else [],
        net=amount - fee,
        reporting_category=category or kind,
        source=source["id"],
        status="available" if delay_seconds == 0 else "pending",
        type=kind,
    )


def sums(world: World) -> dict[str, dict[str, int]]:
    """What is available and what is pending, by currency."""
    now = world.clock.unix()
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"available": 0, "pending": 0})
    for moved in world.store.table(KIND).values():
        when = "available" if moved["available_on"] <= now else "pending"
        found[moved["currency"]][when] += moved["net"]
    return found


def covers(world: World, *, amount: int, currency: str) -> bool:
    if not world.settings.refunds_need_balance:
        return True
    return sums(world)[currency]["available"] >= amount


def wait_for_funds(world: World, refund: Obj) -> None:
    """Try this refund again tomorrow, or as soon as money comes in that is available at once."""
    world.store.put(WAITING, refund["id"], {"refund": refund["id"]})
    world.agenda.arm("refund_funds", refund["id"], at=world.clock.unix() + DAY)


def stop_waiting(world: World, refund_id: str) -> None:
    world.agenda.disarm("refund_funds", refund_id)
    if world.store.get(WAITING, refund_id):
        world.store.drop(WAITING, refund_id)


def _wake_refunds(world: World) -> None:
    for refund_id in world.store.table(WAITING):
        world.agenda.arm("refund_funds", refund_id, at=world.clock.unix())
