"""Pages on which something is chosen before a fix begins. Each leads back to the same form."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import mirror
from prunella.actions.details import FIELDS, TAX_IDS
from prunella.diagnostics import Facts, gather
from prunella.diagnostics.facts import Invoice, Subscription
from prunella.kit.house import Tx
from prunella.kit.ids import new_id
from prunella.people import Customer
from prunella.people.plans import PlanPrice, included, plan_prices
from prunella.tiers.selfheal import (
    FixRun,
    NotOfferedError,
    SignInFirstError,
    later,
    money_back,
    store,
)
from prunella.tiers.selfheal.errands import KINDS
from prunella.web.begun import is_asked_for
from prunella.web.errors import NotFoundError
from prunella.web.pages.entry import HOME, see
from prunella.web.pages.meter import saying_for
from prunella.web.previews import reckon, the_item
from prunella.web.site import site_of
from prunella.web.views import choosing
from prunella.web.views.paid import paid_so
from prunella.web.visits import Visit, visit

router = APIRouter()

UNPROCESSABLE = 422
_MONEY_BACK = {"refund", "refund_duplicate", "refund_overcharge", "credit_overcharge"}
Typed = Mapping[str, str]


@router.get("/billing/fixes/{fix}")
async def choose(request: Request, fix: str, target: str = "", price: str = "") -> Response:
    if known := await _asked_for(request, fix, target):
        return see(f"{HOME}?run={known.id}")
    try:
        if fix == "change_plan" and price:
            return await _preview(request, target, price)
        return await choices(request, fix, target=target, typed={}, wrong=())
    except SignInFirstError:
        return see(f"{HOME}?note=sign_in_first")


async def choices(
    request: Request, fix: str, *, target: str, typed: Typed, wrong: tuple[str, ...]
) -> Response:
    """Show what there is to choose, with what was typed and which fields cannot be right."""
    async with visit(request) as here:
        ask = _PAGES.get(fix)
        if ask is None:
            raise NotFoundError
        _must_be_able_to(here, fix)
        facts = await gather(here.tx, here.customer)
        template, more = await ask(here, facts, target, typed)
        context = {"visit": here, "fix": fix, "target": target, "wrong": wrong, "typed": typed}
        context |= {"key": new_id("click"), **more}
        return here.site.pages.page(template, context, status=UNPROCESSABLE if wrong else 200)


async def _asked_for(request: Request, fix: str, target: str) -> FixRun | None:
    """What was asked for and waits is not chosen again: the meter tells where it stands."""
    async with visit(request) as here:
        runs = await store.open_of(here.tx, here.customer.id)
        aim = target or here.customer.stripe_customer or ""
    same = _MONEY_BACK if fix == "refund" else {fix}
    found = (one for one in runs if one.fix in same and one.target == aim)
    return next((one for one in found if is_asked_for(one)), None)


def _must_be_able_to(here: Visit, fix: str) -> None:
    here.must_be_able_to_pay()
    if not here.site.rooms.door.may_begin(here.tx.actor, kind=KINDS[fix]):
        raise SignInFirstError


async def _day(here: Visit, facts: Facts, target: str, _typed: Typed) -> tuple[str, dict[str, Any]]:
    invoice, saying = _owed(facts, target), saying_for(here)
    diagnosis = await here.site.rooms.diagnostics.of(here.tx, here.customer)
    offer = later.offer_for(diagnosis, target)
    if offer is None:
        raise NotFoundError
    own = invoice.next_payment_attempt_at
    own = own if own and own > facts.now else None
    return "choose-day.html", {
        "days": choosing.days(later.mornings(offer, facts.time_zone), saying),
        "amount": invoice.remaining,
        "stripe": saying.say("page.choose.day.stripe", day=saying.day(own)) if own else "",
        "zone": saying.zone(),
    }


async def _colleague(
    here: Visit, facts: Facts, target: str, _typed: Typed
) -> tuple[str, dict[str, Any]]:
    invoice = _owed(facts, target)
    if invoice.sent_to_pay:
        return "choose-send.html", {"amount": invoice.remaining, "to": here.customer.email or ""}
    return "choose-colleague.html", {"amount": invoice.remaining}


async def _details(
    here: Visit, _facts: Facts, target: str, typed: Typed
) -> tuple[str, dict[str, Any]]:
    account = here.customer.stripe_customer or ""
    if target not in {"", account}:
        raise NotFoundError
    return "choose-details.html", {
        **await details_now(here.tx, here.customer, typed),
        "target": account,
    }


async def details_now(tx: Tx, customer: Customer, typed: Typed) -> dict[str, Any]:
    """What is known at Stripe, or was typed instead. Raises `NotFoundError`."""
    known = await mirror.get(tx, customer.stripe_customer or "")
    if known is None:
        raise NotFoundError
    held = {**(known.data.get("address") or {}), **known.data}
    now = {name: str(typed.get(name, held.get(name) or "")) for name in FIELDS}
    return {"now": now, "kinds": sorted(TAX_IDS)}


async def _resume(
    here: Visit, facts: Facts, target: str, _typed: Typed
) -> tuple[str, dict[str, Any]]:
    plan = _plan(facts, target)
    how = choosing.how_to_go_on(plan)
    if how is None:
        raise NotFoundError
    said = choosing.resumed(plan, facts, how, saying_for(here))
    return "choose-resume.html", {"said": said, "how": how}


async def _plans(
    here: Visit, facts: Facts, target: str, _typed: Typed
) -> tuple[str, dict[str, Any]]:
    plan, prices, saying = _plan(facts, target), await plan_prices(here.tx), saying_for(here)
    current = next((one for one in prices if one.price == plan.price), None)
    return "choose-plan.html", {
        "current": choosing.each(current, saying) if current else "",
        "offers": choosing.offers(
            plan, prices, facts, saying, included=included(here.site.rooms.content)
        ),
    }


async def _money_back(
    here: Visit, _facts: Facts, target: str, _typed: Typed
) -> tuple[str, dict[str, Any]]:
    try:
        charge = await money_back.payment(here.tx, here.customer, target)
    except NotOfferedError as problem:
        raise NotFoundError from problem
    return "choose-refund.html", {
        "said": paid_so(charge, saying_for(here)),
        "whys": money_back.WHYS,
    }


Ask = Callable[[Visit, Facts, str, Typed], Awaitable[tuple[str, dict[str, Any]]]]
_PAGES: Mapping[str, Ask] = {
    "retry_later": _day,
    "resend_invoice": _colleague,
    "update_billing_details": _details,
    "resume_subscription": _resume,
    "change_plan": _plans,
    "refund": _money_back,
}


async def _preview(request: Request, target: str, price: str) -> Response:
    """Show what another price costs, to the cent, as Stripe reckons it now."""
    async with visit(request) as here:
        _must_be_able_to(here, "change_plan")
        plan = _plan(await gather(here.tx, here.customer), target)
        prices = {one.price: one for one in await plan_prices(here.tx)}
        item, at = await the_item(here.tx, target), int(here.tx.now.timestamp())
    if price not in prices or price == plan.price:
        raise NotFoundError
    found = await reckon(
        site_of(request), subscription=target, item=item, price=price, proration_date=at
    )
    chosen = {"item": item, "price": price, "proration_date": str(at)}
    async with visit(request) as here:
        return _previewed(
            here,
            target=target,
            before=prices.get(plan.price or ""),
            after=prices[price],
            found=found,
            chosen=chosen,
        )


def _previewed(
    here: Visit,
    *,
    target: str,
    before: PlanPrice | None,
    after: PlanPrice,
    found: Mapping[str, Any],
    chosen: Mapping[str, str],
) -> Response:
    saying = saying_for(here)
    due, credit = choosing.today(found)
    context = {
        "visit": here,
        "fix": "change_plan",
        "target": target,
        "key": new_id("click"),
        "plan": choosing.plan_name(after.plan, saying),
        "before": choosing.each(before, saying) if before else "",
        "after": choosing.each(after, saying),
        "due": due,
        "credit": credit,
        "chosen": {**chosen, "amount": str(due.amount), "currency": due.currency},
    }
    return here.site.pages.page("choose-preview.html", context)


def _owed(facts: Facts, invoice: str) -> Invoice:
    found = facts.invoice(invoice)
    if found is None or not found.owed:
        raise NotFoundError
    return found


def _plan(facts: Facts, subscription: str) -> Subscription:
    found = facts.subscription(subscription)
    if found is None:
        raise NotFoundError
    return found
