"""Did it happen? Refunds, billing details and plans, as Stripe shows them."""

from collections.abc import Mapping
from typing import Any

from prunella.actions.action import Action
from prunella.actions.details import PLAIN
from prunella.actions.seen import Seen
from prunella.connectors.stripe.reads import Reads
from prunella.kit.clock import from_unix

MOST_REFUNDS = 100
_MARK = "prunella_action"
_STOPPED_BY = {
    "keep": "cancel_at_period_end",
    "stay": "cancel_at",
    "collect": "pause_collection",
}
_NOT_GIVEN = frozenset({"failed", "canceled"})
_ON_ITS_WAY = frozenset({"pending", "requires_action"})


async def look_at_refund(reads: Reads, action: Action) -> Seen:
    """A refund of ours carries our id; those that others made are not this one."""
    found = await reads.newest("refund", most=MOST_REFUNDS, charge=action.target)
    mine = [one for one in found if (one.get("metadata") or {}).get(_MARK) == action.id]
    if not mine:
        return Seen("did_not_happen", {"charge": action.target})
    made = mine[0]
    facts = {"refund": made["id"], "charge": action.target, "status": made["status"]}
    if made["status"] in _NOT_GIVEN:
        return Seen("refused", {**facts, "code": f"refund_{made['status']}"})
    if made["status"] in _ON_ITS_WAY:
        return Seen("still_unclear", {**facts, "pending": True})
    return Seen("happened", {**facts, "amount": made["amount"], "currency": made["currency"]})


async def look_at_details(reads: Reads, action: Action) -> Seen:
    found = await reads.get("customer", action.target)
    if found is None:
        return Seen("refused", {"code": "resource_missing"})
    wanted = {name: action.params[name] for name in PLAIN if name in action.params}
    held = {**(found.get("address") or {}), "name": found.get("name"), "email": found.get("email")}
    same = all((held.get(name) or "") == value for name, value in wanted.items())
    facts = {"customer": action.target, "changed": len(action.params)}
    there = same and await _has_tax_id(reads, action)
    return Seen("happened" if there else "did_not_happen", facts)


async def _has_tax_id(reads: Reads, action: Action) -> bool:
    """Whether those of its kind are as was asked: this one alone, or none."""
    if "tax_type" not in action.params:
        return True
    wanted = {action.params["tax_id"]} if "tax_id" in action.params else set()
    known = await reads.tax_ids(action.target)
    return {one["value"] for one in known if one["type"] == action.params["tax_type"]} == wanted


async def look_at_plan(reads: Reads, action: Action) -> Seen:
    found = await reads.get("subscription", action.target, expand=("latest_invoice",))
    if found is None:
        return Seen("refused", {"code": "resource_missing"})
    facts = {"subscription": action.target, "status": found["status"]}
    if action.kind == "change_plan":
        prices = {one["price"]["id"] for one in found["items"]["data"]}
        done = action.params["price"] in prices
        facts["price"] = action.params["price"]
    else:
        facts["how"] = action.params["how"]
        done = _goes_on(found, action)
    return Seen("happened" if done else "did_not_happen", facts)


def _goes_on(found: Mapping[str, Any], action: Action) -> bool:
    """A plan whose first bill after the pause is not paid yet was started again all the same."""
    how = action.params["how"]
    if how in _STOPPED_BY:
        return not found[_STOPPED_BY[how]]
    bill = found.get("latest_invoice") or {}
    since = action.submitted_at or action.created_at
    billed = bool(bill) and from_unix(bill["created"]) >= since.replace(microsecond=0)
    return found["status"] != "paused" or billed
