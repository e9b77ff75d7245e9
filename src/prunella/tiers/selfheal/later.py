"""`retry_later`: one more try of the same card, on a day that the customer chooses."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from prunella.actions import ActionRequest, Door
from prunella.diagnostics import Diagnosis, FixOffer
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import Customer
from prunella.tiers.selfheal import store
from prunella.tiers.selfheal.choice import BadChoiceError, Choice, ChoiceNeededError
from prunella.tiers.selfheal.paying import pay
from prunella.tiers.selfheal.store import FixRun

TIMER = "selfheal.retry_later"
AT = time(9)
_PAID = "payment.invoice_open"


def mornings(offer: FixOffer, time_zone: str) -> list[datetime]:
    """Return the days that may be chosen, each at nine in the customer's own morning. Pure."""
    zone = ZoneInfo(time_zone)
    return [datetime.combine(day, AT, zone) for day in offer.days]


def offer_for(diagnosis: Diagnosis, invoice: str) -> FixOffer | None:
    """Return the diagnosis's offer: it knows the bank's class and Stripe's own schedule."""
    found = (one for one in diagnosis.offers if one.name == "retry_later" and one.days)
    return next((one for one in found if one.invoice == invoice), None)


def request_of(customer: Customer, invoice: str, *, run: str) -> ActionRequest:
    return ActionRequest(
        kind="retry_payment",
        customer=customer.id,
        target=invoice,
        reason="fix",
        params={"off_session": "true"},
        business_key=f"retry_later:{run}",
    )


def chosen_day(offer: FixOffer, time_zone: str, choice: Choice) -> datetime:
    """Raises `ChoiceNeededError` without a day, `BadChoiceError` on one that is not offered."""
    if "day" not in choice:
        raise ChoiceNeededError
    offered = {day.date().isoformat(): day for day in mornings(offer, time_zone)}
    if choice["day"] not in offered:
        raise BadChoiceError(fields=("day",))
    return offered[choice["day"]]


async def plan(tx: Tx, run: FixRun) -> FixRun:
    if run.due_at is None:
        raise BadChoiceError(fields=("day",))
    await tx.arm(Timer(TIMER, run.id, run.due_at))
    return run


@dataclass(frozen=True, slots=True)
class Due:
    """Handler of the timer: try once, unless it was paid or called off meanwhile."""

    door: Door

    async def __call__(self, tx: Tx, timer: Timer) -> None:
        run = await store.lock(tx, timer.subject)
        if run is None or run.state != "planned" or run.invoice is None:
            return
        asked = ActionRequest(
            kind="retry_payment",
            customer=run.customer,
            target=run.invoice,
            business_key=f"retry_later:{run.id}",
            actor=run.actor,
        )
        decision = await self.door.weigh(tx, asked)
        if decision.rules[0] == _PAID and decision.verdict == "deny":
            await run.move(tx, "done")
            return
        await pay(tx, self.door, run, payment_method=None, off_session=True)


async def call_off(tx: Tx, customer: Customer, run_id: str) -> FixRun | None:
    """Call off what waits for its day; what has begun goes on."""
    run = await store.lock(tx, run_id)
    if run is None or run.customer != customer.id or run.state != "planned":
        return None
    await tx.disarm(TIMER, run.id)
    return await run.move(tx, "called_off")
