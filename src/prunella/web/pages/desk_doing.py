"""A colleague has something changed at Stripe: a plan, a bill, a card, details, what can be used.

What there is to choose stands with what policy would decide of it; asked for, it goes through the
same door as a program's request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, people
from prunella.actions import ActionRequest
from prunella.cases import Case
from prunella.kit.ids import new_id
from prunella.kit.money import Money
from prunella.people import Customer
from prunella.tiers.selfheal.errands import PREVIEW_LASTS, is_number
from prunella.web.doing import (
    GIVES,
    TYPED,
    Offered,
    WrongError,
    is_kind,
    known_of,
    offers,
    request_of,
    whys_of,
)
from prunella.web.errors import ForbiddenError, NotFoundError
from prunella.web.forms import Fields, shift_with_form
from prunella.web.looking import note_look
from prunella.web.pages.choosing import details_now
from prunella.web.pages.desk import FIRST_VIEW, saying_of
from prunella.web.pages.entry import see
from prunella.web.pages.staff import DESK
from prunella.web.previews import reckon, the_item
from prunella.web.requesting import ask_at_desk
from prunella.web.site import site_of
from prunella.web.views.choosing import each, plan_name, today
from prunella.web.views.desk_giving import limit_told
from prunella.web.views.doable import (
    DETAILS,
    GIVES_UP,
    PLAN,
    Known,
    card_words,
    label_of,
    plan_words,
)
from prunella.web.views.verdict import Verdict, verdict_of
from prunella.web.visits import Shift, shift

router = APIRouter(prefix=f"{DESK}/customers/{{customer}}/actions/{{kind}}")

UNUSABLE = 422
_IN_ADDRESS = frozenset({"case", "view", "target", "price"})


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed, and what stands against it: by field, or a sentence about all of it."""

    typed: Fields = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    told: str = ""

    @property
    def status(self) -> int:
        return UNUSABLE if self.wrong or self.told else 200


@dataclass(frozen=True, slots=True)
class About:
    """Whom it is about, and the case that it is asked on, if there is one."""

    kind: str
    customer: Customer
    case: Case | None
    known: Known


@router.get("")
async def form(request: Request, customer: str, kind: str) -> Response:
    """An address says where one came from and what is previewed; it fills nothing in."""
    named = {name: text for name, text in request.query_params.items() if name in _IN_ADDRESS}
    return await _page(request, customer, kind, Said(typed=named))


@router.post("")
async def ask(request: Request, customer: str, kind: str) -> Response:
    """Sent twice, it is asked once; what is wrong is told beside what was typed."""
    async with shift_with_form(request) as (here, fields):
        about = await _about(here, customer, kind, fields)
        try:
            asked = await request_of(here, about.customer, about.case, kind, fields, about.known)
        except WrongError as problem:
            said = Said(fields, wrong=problem.fields)
        else:
            action, no = await ask_at_desk(here, about.customer, asked, fields)
            said = Said(fields, told=no)
    if said.status == UNUSABLE:
        return await _page(request, customer, kind, said)
    if about.case is None:
        return see(f"{DESK}/actions/{action.id}")
    where = urlencode({"view": fields.get("view") or FIRST_VIEW, "asked": action.id})
    return see(f"{DESK}/cases/{about.case.id}?{where}#asked")


async def _about(here: Shift, customer: str, kind: str, fields: Fields) -> About:
    """Raises `NotFoundError`, and `ForbiddenError` for whoever may not ask for this kind."""
    found = await people.find_customer(here.tx, customer)
    if found is None or not is_kind(kind):
        raise NotFoundError
    here.must_be_able_to_write()
    if not here.site.rooms.door.may_begin(here.tx.actor, kind=kind):
        raise ForbiddenError
    await note_look(here.tx, found.id, because="account")
    known = await known_of(here, found, saying_of(here))
    return About(kind, found, await _case_of(here, found, fields.get("case", "")), known)


async def _case_of(here: Shift, customer: Customer, name: str) -> Case | None:
    case = await cases.get_case(here.tx, name) if name else None
    if name and (case is None or case.customer != customer.id):
        raise NotFoundError
    return case


async def _page(request: Request, customer: str, kind: str, said: Said) -> Response:
    """A change of plan is reckoned by Stripe, which nobody waits for inside a transaction."""
    chosen = kind == PLAN and said.typed.get("price")
    async with shift(request) as here:
        about = await _about(here, customer, kind, said.typed)
        if not chosen:
            template, more = await _fields(here, about, said)
            return _shown(here, about, said, template, more)
        change = await _change(here, about, said.typed)
    found = await reckon(site_of(request), **change)
    async with shift(request) as here:
        about = await _about(here, customer, kind, said.typed)
        more = await _preview(here, about, change, found)
        return _shown(here, about, said, "desk-doing-preview.html", more)


def _shown(
    here: Shift, about: About, said: Said, template: str, more: Mapping[str, Any]
) -> Response:
    saying, kind = saying_of(here), about.kind
    context = {
        "shift": here,
        "customer": about.customer,
        "case": about.case,
        "kind": kind,
        "label": label_of(kind, about.known.facts, saying),
        "whys": whys_of(kind),
        "typed": said.typed,
        "wrong": said.wrong,
        "told": said.told,
        "stops": kind in GIVES_UP,
        "key": new_id("form"),
    }
    return here.site.pages.page(template, context | dict(more), status=said.status)


async def _fields(here: Shift, about: About, said: Said) -> tuple[str, dict[str, Any]]:
    if about.kind == DETAILS:
        now = await details_now(here.tx, about.customer, said.typed)
        return "desk-doing-details.html", now
    found = await offers(here, about.customer, about.kind, about.known)
    if about.kind == PLAN:
        return "desk-doing-plan.html", {"plans": _plans(found, about.known)}
    return "desk-doing.html", _choices(here, about, found, said)


def _choices(here: Shift, about: About, found: Sequence[Offered], said: Said) -> dict[str, Any]:
    saying, limit = saying_of(here), _limit(here, about)
    offered = [(one.choice, verdict_of(one.decision, saying, limited=bool(limit))) for one in found]
    possible = [choice.value for choice, verdict in offered if verdict.possible]
    only = possible[0] if len(possible) == 1 else ""
    return {
        "offered": offered,
        "picked": said.typed.get("choice", only),
        "possible": bool(possible),
        "amounts": about.kind in TYPED,
        "limit": limit,
    }


def _limit(here: Shift, about: About) -> str:
    """What this role decides by itself, in each currency that is billed."""
    if about.kind not in TYPED:
        return ""
    billed = {one.total.currency for one in about.known.facts.invoices if one.total}
    limits, role = here.site.rooms.door.policy.limits, here.tx.actor.role
    name = "credit" if about.kind == GIVES else "bill"
    told = (
        limit_told(name, one, limits=limits, role=role, saying=saying_of(here))
        for one in sorted(billed)
    )
    return " ".join(filter(None, told))


def _plans(
    found: Sequence[Offered], known: Known
) -> list[tuple[str, str, list[tuple[Any, Verdict]]]]:
    """By plan: what it is now, and what it can become."""
    plans = []
    for plan in known.facts.subscriptions:
        of_it = [
            (one.choice, verdict_of(one.decision, known.saying))
            for one in found
            if one.choice.target == plan.id
        ]
        if of_it:
            plans.append((plan.id, plan_words(plan, known), of_it))
    return plans


async def _change(here: Shift, about: About, typed: Fields) -> dict[str, Any]:
    """Raises `NotFoundError` for what is no other price, and `BadRequestError`."""
    target, price = typed.get("target", ""), typed["price"]
    plan = about.known.facts.subscription(target)
    sold = {one.price for one in about.known.prices}
    if plan is None or price not in sold or price == plan.price:
        raise NotFoundError
    item, at = await the_item(here.tx, target), _reckoned_at(here, typed)
    return {"subscription": target, "item": item, "price": price, "proration_date": at}


def _reckoned_at(here: Shift, typed: Fields) -> int:
    """What was shown stays what is shown while it holds, also where something else was wrong."""
    now, shown = int(here.tx.now.timestamp()), typed.get("proration_date", "")
    lasts = int(PREVIEW_LASTS.total_seconds())
    known = int(shown) if is_number(shown) else 0
    return known if 0 <= now - known <= lasts else now


async def _preview(
    here: Shift, about: About, change: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, Any]:
    saying, known = saying_of(here), about.known
    plan = known.facts.subscription(change["subscription"])
    after = next((one for one in known.prices if one.price == change["price"]), None)
    if plan is None or after is None:
        raise NotFoundError
    due, credit = today(found)
    params = {name: str(change[name]) for name in ("price", "item", "proration_date")}
    charged = known.facts.charged_for_plan(plan)
    method = known.facts.method(charged.id) if charged else None
    return {
        "plan": plan_name(after.plan, saying),
        "before": plan_words(plan, known),
        "after": each(after, saying),
        "due": due,
        "credit": credit,
        "card": card_words(method, known) if method else "",
        "verdict": await _verdict(here, about, plan.id, due, params),
        "chosen": params | {"target": plan.id, "amount": str(due.amount), "currency": due.currency},
    }


async def _verdict(
    here: Shift, about: About, target: str, due: Money, params: Mapping[str, str]
) -> Verdict:
    asked = ActionRequest(
        kind=about.kind,
        customer=about.customer.id,
        target=target,
        amount=due.amount,
        currency=due.currency,
        params=params,
        business_key=f"weigh:{target}",
    )
    decision = await here.site.rooms.door.weigh(here.tx, asked)
    return verdict_of(decision, saying_of(here))
