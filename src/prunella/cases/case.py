"""A case: what a person works on until it is solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from prunella import audit
from prunella.cases import clocks, store
from prunella.cases import contact as contacts
from prunella.cases.contact import Contact
from prunella.cases.message import SPEAK_FOR_CUSTOMERS, Message, Way, say
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer

Status = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
Severity = Literal["critical", "high", "medium", "low"]
Level = Literal["support", "engineering", "product", "legal"]
Because = Literal[
    "asked",
    "refused",
    "action_denied",
    "approval",
    "action_failed",
    "action_unknown",
    "mail_failed",
    "recovery",
    "error",
]
CLOSES_AFTER = timedelta(days=7)
CLOSE = "case.close"


class CaseClosedError(Exception):
    """This case is closed. Open a new one; it will show this one beside it."""


@dataclass(frozen=True, slots=True)
class Case:
    """`context` is what was known when it was opened: `diagnosis`, `tried`, `actions`.

    `because` is why a person has it; `about` the id of the object in question, or empty;
    `promised_at` when the customer was told they get an answer; `due_at` the next deadline that it
    is run at, None while nothing is owed.
    """

    id: str
    number: int
    customer: str
    contact: str
    subject: str
    about: str
    text: str
    status: Status
    severity: Severity
    level: Level
    because: Because
    context: dict[str, Any]
    promised_at: datetime
    due_at: datetime | None
    opened_at: datetime
    answered_at: datetime | None
    solved_at: datetime | None

    async def add_message(self, tx: Tx, text: str) -> Message:
        """Add what the actor says: a customer's words owe an answer, anyone else's are a note.

        A customer who writes again opens what was solved or waiting for them.
        """
        case = await _locked(tx, self)
        if tx.actor.kind not in SPEAK_FOR_CUSTOMERS:
            return await _say(tx, case, "note", text)
        await case.hear(tx)
        return await _say(tx, case, "in", text, contact=(await _live_contact(tx, case)).id)

    async def hear(self, tx: Tx) -> None:
        """The customer asks, or asks again: what was solved or waited for them is open."""
        case = await _locked(tx, self)
        await (await _live_contact(tx, case)).hear(tx)
        if case.status in ("pending", "on_hold", "solved"):
            await _put(tx, case, because="customer_wrote", status="open")

    async def answer(self, tx: Tx, text: str) -> Message:
        """Answer the customer. The case then waits for them, and silence settles it."""
        case = await _locked(tx, self)
        contact = await (await _live_contact(tx, case)).touch(tx, "human")
        said = await _say(tx, case, "out", text, contact=contact.id)
        await contact.answer(tx)
        await store.answered(tx, case.id)
        await _put(tx, case, because="answered", status="pending")
        await tx.emit(Event("case.answered", case.id, case.customer, {"message": said.id}))
        return said

    async def set(
        self,
        tx: Tx,
        *,
        status: Status | None = None,
        severity: Severity | None = None,
        level: Level | None = None,
    ) -> Case:
        """Change status, severity or level; the audit log keeps both sides."""
        case = await _locked(tx, self)
        return await _put(tx, case, because="set", status=status, severity=severity, level=level)

    async def confirm(self, tx: Tx) -> Case:
        """The customer says it is solved: the contact ends, confirmed."""
        case = await _locked(tx, self)
        contact = await contacts.get(tx, case.contact)
        if contact:
            await contact.end(tx, tier="human", confirmed=True)
        return await _put(tx, case, because="confirmed", status="solved")


def of_row(row: store.Row) -> Case:
    return Case(**{field: row[field] for field in Case.__slots__})


async def _locked(tx: Tx, case: Case) -> Case:
    row = await store.lock_case(tx, case.id)
    locked = of_row(row) if row else case
    if locked.status == "closed":
        raise CaseClosedError
    return locked


async def _say(tx: Tx, case: Case, way: Way, text: str, *, contact: str | None = None) -> Message:
    return await say(
        tx,
        customer=case.customer,
        direction=way,
        text=text,
        contact=contact,
        case_id=case.id,
        subject=case.subject,
    )


async def _live_contact(tx: Tx, case: Case) -> Contact:
    """Return the contact of the case, or a new one when that has ended."""
    row = await store.case_by_id(tx, case.id)
    contact = await contacts.get(tx, row["contact"] if row else case.contact)
    if contact and contact.ended_at is None:
        return contact
    fresh = await contacts.open_contact(
        tx,
        case.customer,
        channel="web",
        direction="inbound",
        tier="human",
        subject=case.about or case.id,
    )
    await store.move_to_contact(tx, case.id, fresh.id)
    return fresh


async def _put(tx: Tx, case: Case, *, because: str, **changes: str | None) -> Case:
    before = {"status": case.status, "severity": case.severity, "level": case.level}
    after = before | {name: value for name, value in changes.items() if value}
    if after == before:
        return case
    changed = of_row(await store.put_case(tx, case.id, after))
    await audit.record(
        tx,
        "case.set",
        case.id,
        customer=case.customer,
        because=because,
        before=before,
        after=after,
    )
    await tx.emit(Event("case.set", case.id, case.customer, after))
    if changed.status != case.status:
        await _wind_clocks(tx, changed)
    return await clocks.follow(tx, changed)


async def _wind_clocks(tx: Tx, case: Case) -> None:
    """Solved closes after seven days; and silence about a solution settles the contact."""
    await tx.disarm(CLOSE, case.id)
    if case.status == "solved":
        await tx.arm(Timer(CLOSE, case.id, tx.now + CLOSES_AFTER))
    contact = await contacts.get(tx, case.contact)
    if contact and contact.ended_at is None and case.status in ("solved", "closed"):
        await (await contact.touch(tx, "human")).answer(tx)
