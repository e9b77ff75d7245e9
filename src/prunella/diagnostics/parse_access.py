"""What a customer pays for, and what the company's own system lets them use, put side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from prunella import mirror
from prunella.connectors.subscriptions import Usable
from prunella.diagnostics.facts_access import (
    NOTHING,
    Access,
    Compared,
    Entitlement,
    compare,
)
from prunella.diagnostics.raw import Raw, entries, inner, number, ref, text
from prunella.people import plans

# The company may switch these off, or wait: neither is wrong.
LATE = frozenset({"past_due", "incomplete"})
Plans = Mapping[str, str]
"""Plans by what they are called: ids, lookup keys and products of prices, and their own names."""


def entitlement(
    known: mirror.Entitlement, subscriptions: Sequence[Raw], refs: Plans
) -> Entitlement:
    """Hold them against each other, unless one of them is not known for certain."""
    paid, why = paid_for(subscriptions, refs)
    usable, why_not = _usable(known.usable, refs)
    because = _unasked(known, subscriptions) or why_not or why
    if because is None and paid is not None and usable is not None:
        because = compare(paid, usable)
    return Entitlement(
        compared=because or "not_asked_yet",
        writable=known.writable,
        paid=paid,
        usable=usable,
        as_of=known.as_of,
    )


def paid_for(subscriptions: Sequence[Raw], refs: Plans) -> tuple[Access | None, Compared | None]:
    """Return the largest plan that runs, with how many of it; or why that is not certain."""
    if any(text(one, "status") in LATE for one in subscriptions):
        return None, "plan_is_late"
    found: list[Access] = []
    for one in subscriptions:
        held = list(_held(one, refs)) if text(one, "status") in mirror.GIVES else [NOTHING]
        if not held:
            return None, "plan_not_known"
        found += held
    level = max((one.level for one in found), default=0)
    largest = [one for one in found if one.level == level] if level else []
    if not largest:
        return NOTHING, None
    counted = sum(one.quantity or 0 for one in largest)
    first = largest[0]
    return Access(
        level=level, plan=first.plan, quantity=counted, subscription=first.subscription
    ), None


def _held(subscription: Raw, refs: Plans) -> Iterator[Access]:
    """What each item is of; what belongs to no plan is sold beside one."""
    for item in entries(subscription, "items"):
        price = inner(item, "price")
        names = (text(price, "id"), text(price, "lookup_key"), ref(price, "product"))
        plan = next((refs[name] for name in names if name and name in refs), None)
        if plan:
            quantity = number(item, "quantity")
            yield Access(
                level=plans.level_of(plan),
                plan=plan,
                quantity=1 if quantity is None else quantity,
                subscription=text(subscription, "id"),
            )


def _usable(usable: Usable | None, refs: Plans) -> tuple[Access | None, Compared | None]:
    if usable is None:
        return None, "not_known_there"
    if not usable.active or usable.plan is None:
        return NOTHING, None
    plan = refs.get(usable.plan)
    if plan is None:
        return None, "plan_not_known"
    return Access(level=plans.level_of(plan), plan=plan, quantity=usable.quantity), None


def _unasked(known: mirror.Entitlement, subscriptions: Sequence[Raw]) -> Compared | None:
    """Why the answer there is does not count: there is none, or it is older than Stripe's word."""
    if known.failed:
        return "no_answer"
    if known.as_of is None:
        return "not_asked_yet"
    if known.standing != mirror.standing_of(subscriptions):
        return "changed_since"
    return None
