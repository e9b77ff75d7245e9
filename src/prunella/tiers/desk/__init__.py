"""Tier 3: people. A case reaches them with everything known, so nobody has to be told twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prunella import actions, cases, people
from prunella.actions import Action
from prunella.cases import Because, Case, Letter, Letters, Severity
from prunella.diagnostics import Diagnosis, Diagnostics, Words
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.money import Money
from prunella.people import Customer, Team
from prunella.tiers.desk.approvals import Telling
from prunella.tiers.desk.deciders import TO_DECIDE, Deciders

__all__ = ["TO_DECIDE", "Deciders", "Desk", "Telling"]

ACTIONS_SHOWN = 20
FINANCE: Team = "finance"
_MONEY = frozenset({"refund", "credit_balance", "credit_note"})
_BECAUSE: dict[str, Because] = {
    "denied": "action_denied",
    "awaiting_approval": "approval",
    "unknown": "action_unknown",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes what needs a person."""

    diagnostics: Diagnostics
    letters: Letters
    public_url: str

    async def letter_about(
        self, tx: Tx, case: Case, customer: Customer, template: str, values: Mapping[str, str]
    ) -> Letter:
        """Write a letter in the customer's language; its button leads to the case."""
        token = await people.links.make(tx, customer=customer.id, subject=case.id)
        link = f"{self.public_url}/l/{token}"
        return self.letters.write(template, link=link, values=values, locale=customer.locale)

    async def take(
        self,
        tx: Tx,
        customer: Customer,
        *,
        because: Because,
        about: str,
        text: str = "",
        subject: str = "",
        otherwise: str = "",
        severity: Severity = "medium",
    ) -> Case:
        """Open a case about `about`, or add to the one that is open about it already.

        Without a subject it is called by the customer's own first words (`text`); where they said
        nothing, by what is wrong, or `otherwise` where nothing is.
        """
        said = text.strip()
        diagnosis = await self.diagnostics.of(tx, customer)
        contact = await cases.contact_about(
            tx, customer.id, subject=about, channel="web", direction="inbound", tier="human"
        )
        return await cases.open_case(
            tx,
            customer,
            subject=subject.strip() or cases.titled(said) or _called(diagnosis, otherwise),
            text=said or self._unsaid(because),
            because=because,
            about=about,
            severity=severity,
            contact=contact,
            diagnosis=diagnosis.to_json(),
            actions=await self._tried(tx, customer),
        )

    async def on_needs_person(self, tx: Tx, event: Event) -> None:
        """An action was denied, failed or stays unknown: somebody has to look."""
        customer = await people.find_customer(tx, event.customer or "")
        action = await actions.get(tx, event.subject)
        if customer is None or action is None:
            return
        approval = await actions.of_action(tx, action.id)
        if approval and approval.outcome == "refused":
            return  # a person has looked already, and said no
        case = await _asked_on(tx, action) or await self.take_action(tx, customer, action)
        if action.state == "awaiting_approval":
            await tx.emit(Event(TO_DECIDE, action.id, customer.id, {"case": case.id}))

    async def take_action(self, tx: Tx, customer: Customer, action: Action) -> Case:
        """Open the case of an action that people have to look at, or find it open.

        What we billed too much is finance's, and has to go back on the same day.
        """
        ours = action.state == "awaiting_approval" and actions.is_for_overcharge(action)
        because = _BECAUSE.get(action.state, "action_failed")
        words, key = self.diagnostics.words, f"page.deed.kind_{action.kind}"
        kind = words.say(key) if key in words.texts else ""
        case = await self.take(
            tx,
            customer,
            because=because,
            about=action.target,
            subject=_money_in(action, kind, words),
            otherwise=kind,
            severity="high" if ours else "medium",
        )
        if ours and case.team != FINANCE:
            case = await case.give_to_team(tx, FINANCE)
        await actions.tie(tx, action, case.id)
        return case

    async def on_mail_failed(self, tx: Tx, event: Event) -> None:
        """A mail could not be delivered: somebody has to find another way.

        The case that it was written on, or that this went into, is told and open again; else one
        is opened about it.
        """
        message = await cases.get_message(tx, event.subject)
        case = await cases.get_case(tx, message.case_id) if message and message.case_id else None
        if case and case.merged_into:
            case = await cases.get_case(tx, case.merged_into)
        if case and case.status != "closed":
            await _tell_undelivered(tx, case, event.subject)
            return
        customer = await people.find_customer(tx, event.customer or "")
        contact = await cases.get_contact(tx, event.data["contact"])
        if customer and contact:
            await self.take(tx, customer, because="mail_failed", about=contact.subject)

    def _unsaid(self, because: Because) -> str:
        """Who asks for a person with one click, and without a word, has said so much."""
        return self.diagnostics.words.say("page.person.without_words") if because == "asked" else ""

    async def _tried(self, tx: Tx, customer: Customer) -> list[dict[str, Any]]:
        tried = await actions.of_customer(tx, customer.id, limit=ACTIONS_SHOWN)
        return [
            {
                "id": action.id,
                "kind": action.kind,
                "target": action.target,
                "state": action.state,
                "at": action.created_at.isoformat(),
            }
            for action in tried
        ]


async def _asked_on(tx: Tx, action: Action) -> Case | None:
    """Return the open case on which a colleague asked for it: that is where people decide it."""
    if action.case is None or action.state not in {"denied", "awaiting_approval"}:
        return None
    case = await cases.get_case(tx, action.case)
    return case if case and case.status in cases.OPEN else None


def _money_in(action: Action, kind: str, words: Words) -> str:
    """Money that was asked for is what the case is about, whatever else is wrong."""
    if action.kind not in _MONEY or not action.amount or not action.currency:
        return ""
    amount = Money(action.amount, action.currency).format(words.locale)
    return words.say("page.approval.titled", kind=kind, amount=amount)


def _called(diagnosis: Diagnosis, otherwise: str) -> str:
    return diagnosis.first.title if diagnosis.problems or not otherwise else otherwise


async def _tell_undelivered(tx: Tx, case: Case, message: str) -> None:
    sending = (await cases.sendings_of(tx, [message])).get(message)
    if sending is None:
        return
    await case.note(tx, f"The mail to {sending.recipient} was not delivered. {sending.error}")
    if case.status in {"pending", "solved"}:
        await case.set(tx, status="open")
