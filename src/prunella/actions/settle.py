"""What is written down when an action was sent, looked at, or answered."""

from datetime import datetime
from typing import Any

from prunella import people
from prunella.actions import brake, ledger, store, store_urls, watch
from prunella.actions.action import Action
from prunella.actions.look import ALL_VERDICTS, Seen, Verdict
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.kit.jobs import Job

REFRESH = "mirror.refresh"
# Opening a page or setting a field twice harms no one; money waits until Stripe has settled.
_HARMLESS = frozenset(
    {"open_portal", "open_checkout", "set_payment_method", "update_billing_details"}
    | {"sync_entitlement"}
)
# What an action keeps, in English; in web/views/reasons.py readers of others have theirs.
TOLD = {
    "declined": "Your bank declined the payment. Use another payment method.",
    "needs_customer": "Your bank wants you to confirm this payment on the invoice page.",
    "changed": "What it costs has changed meanwhile. Look at it again, then decide.",
    "nothing_happened": "This did not go through, and nothing was charged. Try it again.",
}
OTHERWISE = "This did not go through. A person has everything and looks at it."
_CUSTOMERS_OWN = frozenset({"declined", "needs_customer", "changed"})
_KINDS_BY_PREFIX = {
    "in": "invoice",
    "sub": "subscription",
    "cus": "customer",
    "ch": "charge",
    "py": "charge",
    "re": "refund",
    "pi": "payment_intent",
    "pm": "payment_method",
    "cs": "checkout.session",
}


async def still_mine(tx: Tx, action: Action) -> Action | None:
    """Lock the action, unless someone else has settled it or sent it again meanwhile."""
    now = await store.lock(tx, action.id)
    if now is None or now.attempts != action.attempts or now.state not in {"submitting", "unknown"}:
        return None
    return now


async def submit(tx: Tx, action: Action, *, because: str) -> Action:
    """Mark it as being sent. Who is killed from here on leaves a trace to look at."""
    since = action.submitted_at or tx.now
    changes = {"attempts": action.attempts + 1, "submitted_at": since, "looks": 0}
    moved = await ledger.move(tx, action, "submitting", because=because, **changes)
    await watch.look_again(tx, moved)
    return moved


async def lose_sight(tx: Tx, action: Action, *, because: str, **changes: Any) -> Action:
    moved = await ledger.move(tx, action, "unknown", because=because, **changes)
    await watch.look_again(tx, moved)
    return moved


async def succeed(tx: Tx, action: Action, facts: dict[str, Any], *, because: str) -> None:
    mine = await still_mine(tx, action)
    if mine is None:
        return
    await ledger.move(tx, mine, "succeeded", because=because, result=facts)
    await _refresh(tx, mine, facts)


async def fail(tx: Tx, action: Action, error: dict[str, Any], *, because: str) -> None:
    mine = await still_mine(tx, action)
    if mine is None:
        return
    told = {**error, "words": TOLD.get(error["class"], OTHERWISE)}
    failed = await ledger.move(tx, mine, "failed", because=because, error=told)
    await _refresh(tx, mine, error)
    if error["class"] not in _CUSTOMERS_OWN:
        await watch.call_person(tx, failed, because=error["class"])


def trusted_after(action: Action, *, answered: bool) -> frozenset[Verdict]:
    """What may be believed right after sending, when no clear answer came. Pure.

    Where money is concerned, that nothing was found means little yet; and while the request may
    still be on its way, a no may be that of somebody else's try.
    """
    if action.kind in _HARMLESS:
        return ALL_VERDICTS
    return frozenset({"happened", "refused"}) if answered else frozenset({"happened"})


async def by_looking(
    tx: Tx, action: Action, seen: Seen, *, trusted: frozenset[Verdict], may_send: bool
) -> Action | None:
    """Settle an `unknown` action by what was seen; returns it when it is to be sent again."""
    if seen.verdict not in trusted:
        return None
    if seen.verdict == "did_not_happen" and may_send:
        approved = await ledger.move(tx, action, "approved", because="look.nothing_found")
        if await brake.holds(tx, approved):
            await brake.hold(tx, approved)
            return None
        return await submit(tx, approved, because="worker.sends_again")
    match seen.verdict:
        case "happened":
            await succeed(tx, action, seen.evidence, because="look.happened")
        case "refused":
            await fail(tx, action, _error_of(action, seen), because="look.refused")
        case "did_not_happen":
            await fail(tx, action, {"class": "nothing_happened"}, because="look.nothing_found")
        case "still_unclear":
            await _still_unclear(tx, action, seen)
    return None


async def keep_url(tx: Tx, action: Action, url: str, expires_at: datetime) -> None:
    await store_urls.put(tx, action.id, url, expires_at=expires_at, now=system_now())


async def stripe_customer_of(tx: Tx, action: Action) -> str:
    customer = await people.find_customer(tx, action.customer)
    return (customer and customer.stripe_customer) or ""


def _error_of(action: Action, seen: Seen) -> dict[str, Any]:
    if seen.evidence.get("code") == "authentication_required":
        return {"class": "needs_customer", **seen.evidence}
    declined = action.kind == "retry_payment" and seen.evidence.get("charge")
    return {"class": "declined" if declined else "refused", **seen.evidence}


async def _still_unclear(tx: Tx, action: Action, seen: Seen) -> None:
    looked = await ledger.note_look(tx, action)
    await watch.look_again(tx, looked)
    if looked.looks == watch.LOOKS_UNTIL_PERSON and not seen.evidence.get("pending"):
        await watch.call_person(tx, looked, because="still_unclear")


async def _refresh(tx: Tx, action: Action, facts: dict[str, Any]) -> None:
    """Have the mirror read again what this touched, so that pages are fresh."""
    touched = {action.target, *(value for value in facts.values() if isinstance(value, str))}
    for name in sorted(touched):
        kind = _KINDS_BY_PREFIX.get(name.split("_", 1)[0]) if "_" in name else None
        if kind:
            await tx.defer(Job(REFRESH, {"kind": kind, "id": name}))
