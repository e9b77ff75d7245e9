"""`/billing`: the health meter."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from prunella import cases, mirror
from prunella.diagnostics import Facts, Words
from prunella.kit.ids import new_id
from prunella.people import Customer
from prunella.people.customer_jwt import UnknownCustomerError
from prunella.people.links import LASTS
from prunella.tiers.prevent import plan_of, plans_of
from prunella.tiers.selfheal import FixRun
from prunella.web.begun import Begun, begun_by
from prunella.web.forms import visit_with_form
from prunella.web.freshness import read_again
from prunella.web.pages.contact import newcomer
from prunella.web.pages.entry import HOME, from_product, see
from prunella.web.questions import questions_of
from prunella.web.site import site_of
from prunella.web.views.meter import MeterPage, meter_page
from prunella.web.views.saying import Saying
from prunella.web.views.settled import Settled, just_settled, settled
from prunella.web.views.story import Wrote
from prunella.web.visits import MAY_PAY, Visit, visit

router = APIRouter()

BILLS_WITH_LINES = 12
QUESTIONS = 20
NOTES = {"changed", "fresh"}
REASONS = {"too_often", "sign_in_first"}
_SAID_ALIKE = {"called_off"}
TOLD = {"planned", "done", "failed", "called_off"}
"""What waits for a person stands on the page for as long as it does."""


@router.get("/billing")
async def show(
    request: Request,
    token: str | None = None,
    run: str | None = None,
    note: str | None = None,
) -> Response:
    if token is not None:
        try:
            return await from_product(request, token)
        except UnknownCustomerError as unknown:
            return await newcomer(request, unknown.customer)
    async with visit(request) as here:
        context = await seen_by(here) | {"note": await _note(here, run, note)}
        may_pay = here.session.role in MAY_PAY
        context |= {"may_pay": may_pay, "may_change": may_pay and here.tx.actor.verified}
        return here.site.pages.page("meter.html", context)


async def seen_by(here: Visit) -> dict[str, Any]:
    """What the page holds for this customer, whoever looks at it."""
    begun = await begun_by(here)
    return {
        "page": await _page(here, begun),
        "begun": begun,
        "asked": await questions_of(here, QUESTIONS),
        "visit": here,
        "note": "",
        "key": new_id("click"),
    }


@router.post("/billing/fresh")
async def check_again(request: Request) -> Response:
    """Read this customer at Stripe again, as often as they like: the reads are paced."""
    async with visit_with_form(request) as (here, _):
        customer: Customer = here.customer
    fresh = await read_again(site_of(request), customer)
    return see(f"{HOME}?note=fresh" if fresh else HOME)


def saying_for(here: Visit) -> Saying:
    return Saying(words=here.words, now=here.tx.now)


async def _page(here: Visit, begun: Begun) -> MeterPage:
    tx, customer = here.tx, here.customer
    facts = await here.site.rooms.diagnostics.gather(tx, customer)
    await _ask_again(here, facts)
    diagnosis = here.site.rooms.diagnostics.told(facts, here.words)
    newest = [invoice.id for invoice in facts.invoices][:BILLS_WITH_LINES]
    known = await mirror.find(tx, newest) if newest else {}
    return meter_page(
        customer=customer,
        facts=facts,
        diagnosis=diagnosis,
        raw={name: one.data for name, one in known.items()},
        plan=await plan_of(tx, matters) if (matters := diagnosis.first.invoice) else None,
        wrote=await _wrote(here, diagnosis.first.invoice),
        promised_at=await cases.promised_at(tx, customer),
        settled=None if diagnosis.problems else await _settled(here, facts),
        asked_for=begun.asked_for,
        saying=saying_for(here),
    )


async def _ask_again(here: Visit, facts: Facts) -> None:
    """What is told as switched off may be on by now: a worker asks, and the page looks again."""
    known, name = facts.entitlement, here.customer.stripe_customer
    if known is None or name is None or not known.differs or known.as_of is None:
        return
    if here.tx.now - known.as_of > mirror.SETTLES_IN:
        await mirror.ask_soon(here.tx, name)


async def _settled(here: Visit, facts: Facts) -> Settled | None:
    """What was put right of late, once nothing is wrong any more."""
    plan = just_settled(await plans_of(here.tx, here.customer.id), here.tx.now)
    wrote = await _wrote(here, plan.invoice if plan else None)
    return settled(plan, facts, wrote, saying_for(here))


async def _wrote(here: Visit, invoice: str | None) -> list[Wrote]:
    """Our mails about this bill."""
    if invoice is None:
        return []
    sent = await cases.written_about(here.tx, here.customer.id, subject=invoice)
    return [Wrote(at=at, until=at + LASTS) for at in sent]


async def _note(here: Visit, run_id: str | None, note: str | None) -> str:
    """What became of what they just did."""
    words = here.words
    if note in NOTES:
        return words.say(f"page.note.{note}")
    if note in REASONS:
        return words.say(f"page.fixed.{note}")
    run = await here.site.rooms.selfheal.run(here.tx, here.customer, run_id) if run_id else None
    return words.say(note_of(run, words)) if run and run.state in TOLD else ""


def note_of(run: FixRun, words: Words) -> str:
    """Return the key of what is said of a run: its own words where there are some."""
    about = run.problem if run.state == "failed" else run.fix
    own = f"page.fixed.{run.state if run.state in _SAID_ALIKE else about}"
    return own if own in words.texts else f"page.note.{run.state}"
