"""Opening a case with everything known, and finding cases again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prunella import audit
from prunella.cases import clocks, store
from prunella.cases import contact as contacts
from prunella.cases.case import (
    CLOSES_AFTER,
    Because,
    Case,
    CaseClosedError,
    Severity,
    Status,
    of_row,
)
from prunella.cases.contact import Contact
from prunella.cases.message import SPEAK_FOR_CUSTOMERS, Message, fit_text, one_line, say
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import Customer, names_of_account

MAX_PAGE = 100
MAX_MESSAGES = 500
OPEN: tuple[Status, ...] = ("new", "open", "pending", "on_hold")
_CURSOR = re.compile(r"case_[0-9a-z]{1,40}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cases, newest first; `next_cursor` is None on the last."""

    data: list[Case]
    next_cursor: str | None


async def open_case(
    tx: Tx,
    customer: Customer,
    *,
    subject: str,
    because: Because,
    text: str = "",
    about: str = "",
    severity: Severity = "medium",
    contact: Contact | None = None,
    diagnosis: Mapping[str, Any] | None = None,
    tried: Sequence[Mapping[str, Any]] = (),
    actions: Sequence[Mapping[str, Any]] = (),
) -> Case:
    """Open a case, or return the customer's open one of the same matter with this added.

    The matter is `about` (an id, such as an invoice's), else the subject. The context is what a
    person needs so that the customer never explains twice; so one click without a word is enough.
    """
    words = {
        "subject": one_line(subject),
        "text": fit_text(text) if text.strip() else "",
        "about": about,
    }
    why = {"because": because, "severity": severity}
    thread = await contact.touch(tx, "human") if contact else None
    if thread is None or thread.ended_at:
        thread = await _web_contact(tx, customer, about)
    planned = await clocks.plan_for(tx, customer, severity=severity)
    row = await store.add_case(
        tx,
        {
            **words,
            **why,
            "customer": customer.id,
            "contact": thread.id,
            "promised_at": planned.response_due_at,
        },
        {"diagnosis": dict(diagnosis or {}), "tried": list(tried), "actions": list(actions)},
    )
    if row is None:
        return await _add_to_open(tx, customer, words=words, tried=tried)
    await _announce(tx, of_row(row), thread)
    return await clocks.start(tx, of_row(row), planned)


async def get_case(tx: Tx, case: str) -> Case | None:
    row = await store.case_by_id(tx, case)
    return None if row is None else of_row(row)


async def list_cases(
    tx: Tx,
    *,
    statuses: Sequence[Status] = OPEN,
    customer: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Return cases, newest first, from the one after the cursor `after` on."""
    if after and not _CURSOR.fullmatch(after):
        return Page([], None)
    limit = min(limit, MAX_PAGE)
    names = await names_of_account(tx, customer) if customer else None
    rows = await store.page_of_cases(tx, list(statuses), names, after, limit + 1)
    found = [of_row(row) for row in rows]
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


async def messages_of(tx: Tx, case: Case) -> list[Message]:
    """Return everything said on the case and on its contact, oldest first, notes included."""
    rows = await store.messages_of_case(tx, case.id, case.contact, MAX_MESSAGES)
    return [Message(**row) for row in rows]


async def close_solved(tx: Tx, timer: Timer) -> None:
    """Close what was solved a week ago. Handler of the timer `case.close`."""
    row = await store.lock_case(tx, timer.subject)
    case = of_row(row) if row else None
    if case is None or case.status != "solved" or case.solved_at is None:
        return
    if case.solved_at + CLOSES_AFTER > tx.now:
        return
    await case.set(tx, status="closed")


async def _web_contact(tx: Tx, customer: Customer, about: str) -> Contact:
    return await contacts.open_contact(
        tx, customer.id, channel="web", direction="inbound", tier="human", subject=about
    )


async def _announce(tx: Tx, case: Case, thread: Contact) -> None:
    asked = tx.actor.kind in SPEAK_FOR_CUSTOMERS
    await thread.hear(tx) if asked else await tx.disarm(contacts.ASSUME, thread.id)
    if case.text:
        await say(
            tx,
            customer=case.customer,
            direction="in" if asked else "note",
            text=case.text,
            contact=case.contact,
            case_id=case.id,
            subject=case.subject,
        )
    facts: dict[str, audit.Value] = {
        "severity": case.severity,
        "about": case.about,
        "number": case.number,
    }
    await audit.record(
        tx, "case.opened", case.id, customer=case.customer, because=case.because, after=facts
    )
    await tx.emit(Event("case.opened", case.id, case.customer, facts | {"because": case.because}))


async def _add_to_open(
    tx: Tx, customer: Customer, *, words: Mapping[str, str], tried: Sequence[Mapping[str, Any]]
) -> Case:
    row = await store.lock_open_case(tx, customer.id, words)
    if row is None:
        raise CaseClosedError
    case = of_row(row)
    if words["text"] and words["text"] != await store.last_text(tx, case.id):
        await case.add_message(tx, words["text"])
    elif tx.actor.kind in SPEAK_FOR_CUSTOMERS:
        await case.hear(tx)
    await store.add_tried(tx, case.id, list(tried))
    return await get_case(tx, case.id) or case
