"""Doing one step that is due: a letter, a try, the cut-off, or calling a person."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from prunella import actions, cases
from prunella.actions import ActionRequest, Door
from prunella.cases import Case, Contact
from prunella.diagnostics import Words
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.prevent import store
from prunella.tiers.prevent.dunning import Dunning
from prunella.tiers.prevent.letters import Scribe, day_of, values_of
from prunella.tiers.prevent.plan import Plan, Step, StepReason
from prunella.tiers.prevent.state import Standing

AGAIN = timedelta(hours=1)
_TEMPLATES = {
    "reminder": "payment_reminder",
    "last": "payment_last",
    "cut_off_notice": "payment_cut_off",
}


@dataclass(frozen=True, slots=True)
class Doing:
    """One look at one plan: everything that a step may need."""

    dunning: Dunning
    scribe: Scribe
    door: Door
    customer: Customer
    plan: Plan
    standing: Standing

    async def do(self, tx: Tx, step: Step) -> Step:
        """Do the step, move it, or skip it; returns how it is now."""
        match step.kind:
            case "letter":
                return await self._letter(tx, step)
            case "our_try":
                return await self._try(tx, step)
            case "cutoff":
                return await self._cut_off(tx, step)
            case "person":
                return await self._person(tx, step)
            case "stripe_try":
                return step.finish(tx.now)

    def after(self, done: Step) -> "Doing":
        steps = tuple(done if step.id == done.id else step for step in self.plan.steps)
        return replace(self, plan=replace(self.plan, steps=steps))

    async def _letter(self, tx: Tx, step: Step) -> Step:
        name = _letter_name(step)
        reason = self._why_not(step, name, tx.now)
        if reason:
            return step.skip(tx.now, reason)
        if self.standing.processing:
            return step.wait_until(tx.now + AGAIN, "processing")
        at_once = name == "first" and not self.dunning.first_letter_waits
        free_at = await cases.may_write_at(tx, self.customer, at_once=at_once)
        if free_at > tx.now:
            capped = await cases.may_write_at(tx, self.customer, at_once=True) > tx.now
            return step.wait_until(free_at, "cap" if capped else "quiet")
        return await self._write(tx, step, name)

    def _why_not(self, step: Step, name: str, now: datetime) -> StepReason | None:
        if self.plan.held_out and name != "cut_off_notice":
            return "held_out"
        if self.customer.email is None:
            return "no_address"
        later = (one for one in self.plan.awaited if one.kind == "letter" and one.id != step.id)
        if any(one.due_at <= now and one.planned_at > step.planned_at for one in later):
            return "overtaken"
        return None

    async def _write(self, tx: Tx, step: Step, name: str) -> Step:
        finding = await self.scribe.finding(tx, self.customer, self.plan.invoice)
        if finding is None:
            return step.wait_until(tx.now + AGAIN, "nothing_to_say")
        cut_off_at = await self._keep_notice(tx, name)
        words = self.scribe.words_for(self.customer)
        message = await self.scribe.write(
            tx,
            self.customer,
            self._template(name),
            about=self.plan.invoice,
            values=values_of(finding) | self._last_day(words, cut_off_at, tx.now),
            contact=await self._contact(tx),
        )
        return step.finish(tx.now, ref=message.id)

    def _last_day(self, words: Words, at: datetime, now: datetime) -> dict[str, str]:
        """What may be said of the end: the day, and that the plan can stop then. No more."""
        day = day_of(words, at, now)
        stops = words.say("plan.can_stop", day=day) if self.plan.subscription else ""
        return {"cut_off": day, "stops": stops}

    def _template(self, name: str) -> str:
        confirm = self.plan.decline_class == "needs_customer"
        first = "payment_action_required" if confirm else "payment_failed"
        return _TEMPLATES.get(name, first)

    async def _keep_notice(self, tx: Tx, name: str) -> datetime:
        """Return the day of the cut-off; one that is announced now keeps its distance."""
        cut_off = next((one for one in self.plan.awaited if one.kind == "cutoff"), None)
        if cut_off is None:
            return self.plan.cut_off_at or tx.now
        if name != "cut_off_notice":
            return cut_off.due_at
        days = timedelta(days=self.dunning.schedules[self.plan.decline_class].notice_days)
        moved = replace(cut_off, due_at=max(cut_off.due_at, tx.now + days))
        await store.save_step(tx, moved)
        return moved.due_at

    async def _try(self, tx: Tx, step: Step) -> Step:
        standing = self.standing
        if standing.processing:
            return step.wait_until(tx.now + AGAIN, "processing")
        reason = self._why_no_try()
        if reason:
            return step.skip(tx.now, reason)
        invoice = standing.invoice.id
        key = await actions.business_key_of(
            tx, kind="retry_payment", target=invoice, payment_method=None, key=str(step.id)
        )
        asked = ActionRequest(
            kind="retry_payment",
            customer=self.customer.id,
            target=invoice,
            reason="recovery",
            business_key=key,
        )
        action = await self.door.request(tx, asked)
        if action.state == "denied":
            return replace(step.skip(tx.now, "refused"), ref=action.id)
        if any(one.ref == action.id for one in self.plan.steps):  # the last try is not settled yet
            return step.skip(tx.now, "processing")
        return step.finish(tx.now, ref=action.id)

    def _why_no_try(self) -> StepReason | None:
        if self.plan.held_out:
            return "held_out"
        if self.standing.stripe_tries:
            return "stripe_tries"
        return None if self.standing.may_try else "bank_final"

    async def _cut_off(self, tx: Tx, step: Step) -> Step:
        """Nobody is cut off who was not told in time."""
        fresh = await store.get(tx, self.plan.invoice) or self.plan
        step = next((one for one in fresh.steps if one.id == step.id), step)
        notices = [one for one in fresh.steps if _letter_name(one) == "cut_off_notice"]
        waiting = next((one for one in notices if one.awaited), None)
        if step.due_at > tx.now:
            return step
        if waiting:
            return step.wait_until(max(waiting.due_at, tx.now) + AGAIN, waiting_reason(waiting))
        if not any(one.state == "done" for one in notices):
            return step.skip(tx.now, "no_address")
        data = {"subscription": self.plan.subscription, "then": self.dunning.at_cut_off}
        await tx.emit(Event("recovery.cut_off", self.plan.invoice, self.customer.id, data))
        if self.dunning.at_cut_off == "stripe":
            return step.finish(tx.now)
        return step.finish(tx.now, ref=(await self._ask_person(tx, step)).id)

    async def _person(self, tx: Tx, step: Step) -> Step:
        return step.finish(tx.now, ref=(await self._ask_person(tx, step)).id)

    async def _ask_person(self, tx: Tx, step: Step) -> Case:
        diagnosis = await self.scribe.diagnosis(tx, self.customer)
        last = step.kind == "cutoff" or step.called == "last_day"
        words = self.scribe.words_for(self.customer)
        return await cases.open_case(
            tx,
            self.customer,
            subject=words.say("plan.last_day") if last else diagnosis.first.title,
            because="recovery",
            about=self.plan.invoice,
            contact=await self._contact(tx),
            diagnosis=diagnosis.to_json(),
            tried=[_told(one) for one in self.plan.steps if one.state == "done"],
        )

    async def _contact(self, tx: Tx) -> Contact:
        return await cases.contact_about(
            tx,
            self.customer.id,
            subject=self.plan.invoice,
            channel="mail",
            direction="outbound",
            tier="prevent",
        )


def waiting_reason(step: Step) -> StepReason:
    """A cut-off waits for the same reason as its notice."""
    return "cap" if step.reason == "cap" else "quiet"


def _letter_name(step: Step) -> str:
    return step.called if step.kind == "letter" else ""


def _told(step: Step) -> dict[str, str]:
    return {
        "kind": step.kind,
        "id": step.ref or "",
        "target": step.name,
        "state": step.state,
        "at": step.moment.isoformat(),
    }
