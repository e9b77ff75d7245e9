"""Carrying a plan on: each time it looks at the state again, and does what is due."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from prunella import cases, diagnostics, mirror, people
from prunella.actions import Door
from prunella.diagnostics import Facts
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import Customer
from prunella.tiers.prevent import store
from prunella.tiers.prevent.doing import Doing
from prunella.tiers.prevent.dunning import Dunning
from prunella.tiers.prevent.holdout import is_held_out
from prunella.tiers.prevent.letters import Scribe
from prunella.tiers.prevent.plan import Plan, Step, StopReason
from prunella.tiers.prevent.planning import Planning
from prunella.tiers.prevent.state import Standing, standing_of, stop_reason

DUE = "prevent.plan"
"""The timer of a plan; its subject is the invoice."""
SOON = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class Recovery:
    """Opens, carries on and stops the plans of failed invoices."""

    dunning: Dunning
    scribe: Scribe
    door: Door

    async def failed(self, tx: Tx, customer: Customer, invoice: str) -> None:
        """Open the plan of an invoice that failed, or look at the one that it has."""
        standing = standing_of(await _facts(tx, customer), invoice)
        if standing is not None:
            await self._open(tx, customer, standing)
        await self.look(tx, customer, invoice)

    async def look(self, tx: Tx, customer: Customer, invoice: str) -> None:
        """Look at the state again: stop, plan anew, or do what is due; then wait for the next."""
        plan = await store.lock(tx, invoice)
        if plan is None:
            return
        standing = standing_of(await _facts(tx, customer), invoice)
        if standing and standing.invoice.status == "paid":
            await store.paid(tx, invoice, standing.invoice.paid_at or tx.now)
        if not plan.running:
            return
        reason = await self._stop_reason(tx, customer, standing)
        if reason:
            await self._stop(tx, plan, reason)
        elif standing:
            await self._go_on(tx, customer, plan, standing)

    async def on_due(self, tx: Tx, timer: Timer) -> None:
        """Handler of the timer `prevent.plan`."""
        plan = await store.get(tx, timer.subject)
        customer = await people.find_customer(tx, plan.customer) if plan else None
        if customer:
            await self.look(tx, customer, timer.subject)

    async def look_at_all(self, tx: Tx, customer: Customer) -> None:
        """Something about the customer changed: look at every plan that runs for them."""
        for invoice in await store.running(tx, customer.id):
            await self.look(tx, customer, invoice)

    async def fails_still(self, tx: Tx, customer: Customer, invoice: str) -> bool:
        """Whether it failed a day ago or more, and nothing speaks against collecting it."""
        standing = standing_of(await _facts(tx, customer), invoice)
        if standing is None or not standing.failed_before(tx.now - A_DAY):
            return False
        return await self._stop_reason(tx, customer, standing) is None

    async def go_on_after_person(self, tx: Tx, customer: Customer) -> None:
        """A person is done: what stopped for them goes on, where it is still open."""
        names = await people.names_of_account(tx, customer.id)
        for invoice in await store.stopped_for_person(tx, names):
            await self._resume(tx, customer, invoice)

    async def _resume(self, tx: Tx, customer: Customer, invoice: str) -> None:
        plan = await store.lock(tx, invoice)
        standing = standing_of(await _facts(tx, customer), invoice)
        if plan is None or plan.running or plan.over or standing is None:
            return
        if await self._stop_reason(tx, customer, standing):
            return
        planning = self._planning(customer)
        begins_at, named = planning.begins_at(tx.now), standing.decline_class
        await store.resume(tx, invoice, customer=customer.id, decline_class=named, at=begins_at)
        fresh = planning.again(replace(plan, decline_class=named), begins_at)
        await store.add_steps(tx, invoice, _renamed(plan, fresh))
        await tx.emit(Event("recovery.resumed", invoice, customer.id))
        await self.look(tx, customer, invoice)

    async def _open(self, tx: Tx, customer: Customer, standing: Standing) -> None:
        invoice = standing.invoice
        due = invoice.remaining if invoice.owed else invoice.total
        if due is None:
            return
        opened = await store.open_plan(
            tx,
            {
                "invoice": invoice.id,
                "customer": customer.id,
                "subscription": invoice.subscription,
                "decline_class": standing.decline_class,
                "held_out": await self._held_out(tx, customer),
                "amount": due.amount,
                "currency": due.currency,
                "content": self.dunning.digest,
            },
        )
        if not opened:
            return
        schedule = self.dunning.schedules[standing.decline_class]
        of_plan = invoice.subscription is not None
        steps = self._planning(customer).steps(schedule, tx.now, of_plan=of_plan)
        await store.add_steps(tx, invoice.id, await _known(tx, customer, invoice.id, steps))
        await tx.emit(Event("recovery.opened", invoice.id, customer.id))

    async def _go_on(self, tx: Tx, customer: Customer, plan: Plan, standing: Standing) -> None:
        plan = await self._follow(tx, customer, plan, standing)
        doing = Doing(self.dunning, self.scribe, self.door, customer, plan, standing)
        for step in sorted(plan.awaited, key=_order):
            if step.due_at <= tx.now:
                done = await doing.do(tx, step)
                await store.save_step(tx, done)
                doing = doing.after(done)
        reason = await self._stop_reason(tx, customer, standing)
        left = doing.plan.next_due_at
        if reason or left is None:
            await self._stop(tx, doing.plan, reason or "exhausted")
            return
        await tx.arm(Timer(DUE, plan.invoice, max(left, tx.now + A_MINUTE)))

    async def _follow(self, tx: Tx, customer: Customer, plan: Plan, standing: Standing) -> Plan:
        """Bring the plan in line with what the bank said last and with what Stripe plans."""
        planning = self._planning(customer)
        if standing.decline_class != plan.decline_class:
            await self._replan(tx, plan, standing, planning)
        await _follow_stripe(tx, plan, standing)
        if standing.stripe_tries:
            await store.stripe_stopped(tx, plan.invoice, None)
        elif plan.stripe_stopped_at is None:
            await store.stripe_stopped(tx, plan.invoice, tx.now)
            schedule = self.dunning.schedules[standing.decline_class]
            tries = planning.tries(schedule, tx.now, plan.counted_from)
            await store.add_steps(tx, plan.invoice, _renamed(plan, tries))
        await _try_new_card(tx, plan, standing, planning)
        return await store.get(tx, plan.invoice) or plan

    async def _replan(self, tx: Tx, plan: Plan, standing: Standing, planning: Planning) -> None:
        """The bank means something else now: another schedule, counted from the same day."""
        await store.reclassify(tx, plan.invoice, standing.decline_class)
        told, of_plan = plan.last_letter_planned_at(), plan.subscription is not None
        for step in plan.awaited:
            if step.kind in {"letter", "our_try"}:
                await store.save_step(tx, step.skip(tx.now, "class_changed"))
        schedule = self.dunning.schedules[standing.decline_class]
        fresh = [
            step
            for step in planning.steps(schedule, plan.counted_from, of_plan=of_plan)
            if step.kind in {"letter", "person"} and (told is None or step.planned_at > told)
        ]
        if plan.stripe_stopped_at:
            fresh += planning.tries(schedule, plan.stripe_stopped_at, plan.counted_from)
        await store.add_steps(tx, plan.invoice, _renamed(plan, fresh))

    async def _stop_reason(
        self, tx: Tx, customer: Customer, standing: Standing | None
    ) -> StopReason | None:
        if standing is None:
            return "invoice_gone"
        page = await cases.list_cases(tx, customer=customer.id, limit=MOST_CASES)
        return stop_reason(standing, customer, page.data)

    async def _stop(self, tx: Tx, plan: Plan, reason: StopReason) -> None:
        """Nothing more happens by itself; what would have come is kept with the reason."""
        for step in plan.awaited:
            await store.save_step(tx, step.skip(tx.now, reason))
        await tx.disarm(DUE, plan.invoice)
        if await store.end(tx, plan.invoice, reason):
            data = {"because": reason}
            await tx.emit(Event("recovery.ended", plan.invoice, plan.customer, data))

    async def _held_out(self, tx: Tx, customer: Customer) -> bool:
        if not is_held_out(customer.id, self.dunning.holdout_share):
            return False
        return await store.has_customers(tx, self.dunning.holdout_customers)

    def _planning(self, customer: Customer) -> Planning:
        return Planning(self.dunning, customer.time_zone)


async def _facts(tx: Tx, customer: Customer) -> Facts:
    """A customer that was deleted at Stripe is no longer among their own objects."""
    facts = await diagnostics.gather(tx, customer)
    found = await mirror.get(tx, customer.stripe_customer or "")
    return replace(facts, deleted=True) if found and found.deleted else facts


async def _known(tx: Tx, customer: Customer, invoice: str, steps: list[Step]) -> list[Step]:
    """Count a letter from before there were plans as the first one."""
    written = await cases.written_about(tx, customer.id, subject=invoice)
    if not written:
        return steps
    first, *others = steps
    return [replace(first.finish(written[-1]), reason="written_before"), *others]


async def _follow_stripe(tx: Tx, plan: Plan, standing: Standing) -> None:
    """Keep Stripe's own next try on the plan, where it will really try."""
    failure = standing.failure
    at = failure.next_try_at if failure else standing.invoice.next_payment_attempt_at
    known = [step for step in plan.awaited if step.kind == "stripe_try"]
    for step in known:
        if step.due_at == at:
            return
        await store.save_step(tx, _tried_or_not(step, tx.now, standing))
    if at is not None and at > tx.now:
        await store.add_steps(tx, plan.invoice, [_stripe_step(at)])


def _tried_or_not(step: Step, now: datetime, standing: Standing) -> Step:
    since = step.due_at - SOON
    tries = standing.facts.attempts_for(standing.invoice)
    tried = step.due_at <= now or any(one.at and one.at >= since for one in tries)
    return step.finish(min(step.due_at, now)) if tried else step.skip(now, "stripe_planned")


async def _try_new_card(tx: Tx, plan: Plan, standing: Standing, planning: Planning) -> None:
    """Stripe has stopped, and there is a card that was never asked: ask it once, next morning."""
    tries = [step for step in plan.steps if step.kind == "our_try"]
    waiting = any(step.awaited or step.reason == "new_card" for step in tries)
    if standing.stripe_tries or not standing.new_card or waiting or not standing.may_try:
        return
    at = planning.next_morning(tx.now)
    step = Step(
        kind="our_try", name="new_card", state="next", planned_at=at, due_at=at, reason="new_card"
    )
    await store.add_steps(tx, plan.invoice, [step])


def _renamed(plan: Plan, steps: list[Step]) -> list[Step]:
    """A step of the new schedule may fall on the moment of one that the old one had."""
    taken = {(step.kind, step.name, step.planned_at) for step in plan.steps}
    before = len({step.name for step in plan.steps})
    return [
        replace(step, name=f"{step.name}:{before}")
        if (step.kind, step.name, step.planned_at) in taken
        else step
        for step in steps
    ]


def _stripe_step(at: datetime) -> Step:
    return Step(kind="stripe_try", name="try", state="next", planned_at=at, due_at=at)


def _order(step: Step) -> tuple[datetime, int]:
    """What is due at one moment happens in the order in which it was planned."""
    return step.due_at, step.id
