"""One letter for each action that gave money back, changed a bill or ended a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prunella import actions, cases, diagnostics, mirror, people
from prunella.actions import Action
from prunella.cases import Contact
from prunella.diagnostics.rules.refunds import BANKS_TAKE
from prunella.diagnostics.voice import Voice
from prunella.kit.clock import from_unix
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.money import Money
from prunella.kit.timers import Timer
from prunella.people import Customer
from prunella.tiers.prevent.letters import Scribe

DUE = "prevent.receipt"
"""The timer of a letter that the cap holds back; its subject is the action."""
_TEMPLATES = {
    "refund": "money_back",
    "credit_balance": "money_credited",
    "void_invoice": "invoice_withdrawn",
    "correct_invoice": "invoice_added",
}
_BY_HOW = {
    "credit_note": {"reduce": "invoice_reduced", "balance": "money_credited"},
    "cancel_subscription": {"period_end": "plan_ends", "now": "plan_ended"},
}


@dataclass(frozen=True, slots=True)
class Receipts:
    """Tells how much, to where, and when it arrives: once, whoever asked for it."""

    scribe: Scribe

    async def on_action_succeeded(self, tx: Tx, event: Event) -> None:
        if event.data["kind"] in {*_TEMPLATES, *_BY_HOW}:
            await self._tell(tx, event.subject)

    async def on_due(self, tx: Tx, timer: Timer) -> None:
        """Handler of the timer `prevent.receipt`."""
        await self._tell(tx, timer.subject)

    async def _tell(self, tx: Tx, name: str) -> None:
        action = await actions.untold(tx, name)
        customer = await people.find_customer(tx, action.customer) if action else None
        if action is None or customer is None or customer.email is None:
            return
        if await _is_told_in_its_case(tx, action):
            return
        free_at = await cases.may_write_at(tx, customer, at_once=True)
        if free_at > tx.now:
            await tx.arm(Timer(DUE, action.id, free_at))
            return
        await self._write(tx, customer, action)

    async def _write(self, tx: Tx, customer: Customer, action: Action) -> None:
        contact = await _contact(tx, action)
        message = await self.scribe.write(
            tx,
            customer,
            _template(action),
            about=action.target,
            values=await self._values(tx, customer, action),
            contact=contact,
        )
        await actions.keep_letter(tx, action, message.id)
        await contact.answer(tx)

    async def _values(self, tx: Tx, customer: Customer, action: Action) -> Mapping[str, str]:
        words = self.scribe.words_for(customer)
        facts = await diagnostics.gather(tx, customer)
        tries = (one for one in facts.attempts if one.charge == action.target)
        paid_by = next((one.method for one in tries), None)
        about = await mirror.get(tx, action.target)
        raw = about.data if about else {}
        day = _ends_at(raw) or (action.settled_at or tx.now) + BANKS_TAKE
        return {
            "amount": _amount(action, words.locale),
            "card": Voice(facts=facts, words=words).card(paid_by),
            "day": words.day(day, now=tx.now),
            "invoice": str(raw.get("number") or ""),
        }


async def _is_told_in_its_case(tx: Tx, action: Action) -> bool:
    """What a person approved is answered where the customer asked for it."""
    steps = await actions.steps(tx, action.id)
    return action.case is not None and any(one.state == "awaiting_approval" for one in steps)


def _template(action: Action) -> str:
    if action.kind in _BY_HOW:
        return _BY_HOW[action.kind][action.params["how"]]
    return _TEMPLATES[action.kind]


def _amount(action: Action, locale: str) -> str:
    if action.amount is None or not action.currency:
        return ""
    return Money(action.amount, action.currency).format(locale)


def _ends_at(subscription: Mapping[str, Any]) -> datetime | None:
    """When the period ends that a plan is paid for."""
    items = (subscription.get("items") or {}).get("data") or []
    ends = [one["current_period_end"] for one in items if one.get("current_period_end")]
    return from_unix(max(ends)) if ends else None


async def _contact(tx: Tx, action: Action) -> Contact:
    """The one that the customer began, else one of its own."""
    begun = await cases.get_contact(tx, action.contact) if action.contact else None
    return begun or await cases.contact_about(
        tx,
        action.customer,
        subject=action.id,
        channel="mail",
        direction="outbound",
        tier="prevent",
    )
