"""Did it happen? Credits, bills that were put right or withdrawn, plans that end."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from prunella.actions.action import Action
from prunella.actions.seen import Seen
from prunella.connectors.stripe.reads import Reads

MOST = 1_000
CLOCK_SKEW = timedelta(minutes=1)
_MARK = "prunella_action"
_ENDED = frozenset({"canceled", "incomplete_expired"})

Object = Mapping[str, Any]


async def look_at_balance(reads: Reads, action: Action) -> Seen:
    found = await reads.balance_movements(action.target, since=_since(action), most=MOST)
    return _by_mark(action, found, lambda made: {"balance_transaction": made["id"]})


async def look_at_credit_note(reads: Reads, action: Action) -> Seen:
    found = await reads.newest("credit_note", most=MOST, invoice=action.target)
    return _by_mark(action, found, _of_note)


async def look_at_correction(reads: Reads, action: Action) -> Seen:
    """A draft is nothing yet: the next try goes on from it."""
    corrected = await reads.get("invoice", action.target)
    if corrected is None:
        return Seen("refused", {"code": "resource_missing"})
    found = await begun_correction(reads, action, customer=corrected["customer"])
    billed = [found] if found and found["status"] != "draft" else []
    return _by_mark(action, billed, _of_correction)


async def begun_correction(reads: Reads, action: Action, *, customer: str) -> Object | None:
    """Return the invoice that an earlier try has made, as far as it came."""
    since = {"gte": _since(action)}
    found = await reads.newest("invoice", most=MOST, customer=customer, created=since)
    return next(iter(_marked(action, found)), None)


async def look_at_void(reads: Reads, action: Action) -> Seen:
    found = await reads.get("invoice", action.target)
    if found is None:
        return Seen("refused", {"code": "resource_missing"})
    facts = {"invoice": action.target, "status": found["status"]}
    match found["status"]:
        case "void":
            return Seen("happened", facts)
        case "paid":
            return Seen("refused", {**facts, "code": "invoice_paid"})
    return Seen("did_not_happen", facts)


async def look_at_ending(reads: Reads, action: Action) -> Seen:
    found = await reads.get("subscription", action.target)
    if found is None:
        return Seen("refused", {"code": "resource_missing"})
    facts = {"subscription": action.target, "status": found["status"], "how": action.params["how"]}
    ended = found["status"] in _ENDED
    ending = action.params["how"] == "period_end" and bool(found.get("cancel_at_period_end"))
    return Seen("happened" if ended or ending else "did_not_happen", facts)


def _by_mark(
    action: Action, found: Iterable[Object], ids: Callable[[Object], dict[str, Any]]
) -> Seen:
    """What is ours carries the action's id, whoever else made something like it."""
    mine = _marked(action, found)
    if not mine:
        return Seen("did_not_happen")
    money = {"amount": action.amount, "currency": mine[0]["currency"]}
    return Seen("happened", {**ids(mine[0]), **money})


def _marked(action: Action, found: Iterable[Object]) -> list[Object]:
    return [one for one in found if (one.get("metadata") or {}).get(_MARK) == action.id]


def _of_note(made: Object) -> dict[str, Any]:
    return {"credit_note": made["id"], "number": made["number"], "invoice": made["invoice"]}


def _of_correction(made: Object) -> dict[str, Any]:
    corrects = made["metadata"].get("corrects")
    return {"invoice": made["id"], "corrects": corrects, "status": made["status"]}


def _since(action: Action) -> int:
    return int((action.created_at - CLOCK_SKEW).timestamp())
