"""One account under several names: merged at Stripe, or free before it came there.

A row that follows another is only a way to it; what hangs on its id stays where it is.
"""

from prunella.kit.house import Tx
from prunella.people import store, store_accounts

MERGED_INTO = "merged_into"
"""In the metadata of a Stripe customer: the `cus_…` that took its place."""
OURS = "prunella_customer"
"""In the metadata of a Stripe customer: our id of the free account that it was."""
MAX_STEPS = 8
MAX_NAMES = 50


class NotFreeError(ValueError):
    """This account has a customer at Stripe already. Merge the two there: set `merged_into`."""


async def last_of(tx: Tx, row: store.Row) -> store.Row:
    """Return the row that this one leads to, itself where it follows none."""
    for _ in range(MAX_STEPS):
        ahead = await store.by_id(tx, row["follows"]) if row["follows"] else None
        if ahead is None:
            return row
        row = ahead
    return row


async def link_rows(tx: Tx, ours: str, stripe_customer: str) -> None:
    """Make the free account `ours` the one of a Stripe customer; what that one had follows it.

    Raises NotFreeError, LookupError.
    """
    other = await store.by_stripe(tx, stripe_customer)
    rows = await store.hold(tx, [ours, other["id"]] if other else [ours])
    if ours not in rows:
        raise LookupError(ours)
    free = rows[ours]
    if free["stripe_customer"] == stripe_customer:
        return
    if free["stripe_customer"] or free["follows"]:
        raise NotFreeError
    if other:
        await store.name_at_stripe(tx, other["id"], None)
        await store.follow(tx, other["id"], ours)
    await store.name_at_stripe(tx, ours, stripe_customer)


async def merge_rows(tx: Tx, old: store.Row, new: store.Row) -> store.Row:
    """Let `old` lead to where `new` leads; returns that row. Two that lead to each other stay."""
    target = await last_of(tx, new)
    if target["id"] == old["id"]:
        return old
    held = await store.hold(tx, sorted((old["id"], target["id"])))
    if held[target["id"]]["follows"]:
        return old
    await store.follow(tx, old["id"], target["id"])
    return {**target, "followed": True}


async def names_of_account(tx: Tx, customer: str) -> list[str]:
    """Return this id of ours and all others that the account has, whichever of them it is."""
    return [customer, *await store_accounts.others(tx, customer, MAX_NAMES)]
