"""What the page of a case shows of what can be given and changed, and what was just asked for."""

from collections.abc import Sequence

from prunella import actions
from prunella.actions import Action, Approvals
from prunella.cases import Case
from prunella.diagnostics import Facts
from prunella.people import Customer
from prunella.web.giving import MOST_CHARGES, WHYS, currency_of
from prunella.web.pages.desk import saying_of
from prunella.web.views.desk import deed_of
from prunella.web.views.desk_giving import Asked, Giving, giving_of
from prunella.web.views.doable import Known, kinds_for, label_of
from prunella.web.views.who_decides import decides
from prunella.web.visits import Shift

_GOING = frozenset({"approved", "submitting"})

__all__ = ["WHYS", "asked_here", "doable_for", "giving_for"]


async def giving_for(here: Shift, customer: Customer) -> Giving | None:
    """Return what there is to give, None for whoever may not ask, and where Stripe knows nobody."""
    door, actor = here.site.rooms.door, here.tx.actor
    if customer.stripe_customer is None or not here.may_write:
        return None
    if not door.may_begin(actor, kind="refund"):
        return None
    return giving_of(
        await actions.refundable(here.tx, customer, most=MOST_CHARGES),
        await currency_of(here.tx, customer),
        saying_of(here),
        limits=door.policy.limits,
        role=actor.role,
    )


def doable_for(here: Shift, customer: Customer, facts: Facts) -> list[tuple[str, str]]:
    """Return what can be changed at Stripe, by whoever may ask: each kind with its label."""
    if customer.stripe_customer is None or not here.may_write:
        return []
    door, saying = here.site.rooms.door, saying_of(here)
    return [
        (kind, label_of(kind, facts, saying))
        for kind in kinds_for(Known(customer.stripe_customer, facts, saying))
        if door.may_begin(here.tx.actor, kind=kind)
    ]


async def asked_here(here: Shift, case: Case, done: Sequence[Action], asked: str) -> Asked | None:
    """Tell what became of it as it stands now; of another customer's, nothing is known here."""
    action = next((one for one in done if one.id == asked), None)
    if action is None:
        return None
    saying = saying_of(here)
    waits = await Approvals(here.site.rooms.door).look(here.tx, action)
    role = (waits.role or saying.say("page.approval.nobody")) if waits else ""
    return Asked(
        deed=deed_of(action, saying),
        waits=saying.say("page.give.waits", who=decides(role, saying)) if waits else "",
        case=action.case if action.case and action.case != case.id else "",
        going=action.state in _GOING,
    )
