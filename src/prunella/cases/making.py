"""How a case comes to be: its row, its contact, its promise, and what is said on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from psycopg import Rollback

from prunella import audit
from prunella.cases import clocks, store
from prunella.cases import contact as contacts
from prunella.cases.contact import Contact
from prunella.cases.indexing import know_message, know_new_case
from prunella.cases.message import SPEAK_FOR_CUSTOMERS, Message, Way, say
from prunella.cases.priority import priority_of, risk_of
from prunella.cases.record import OPEN, R, Record
from prunella.cases.sla import Clocks
from prunella.cases.tier import Channel
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer

MAX_LOOKS = 5
MAX_CAUSE = 200
# Nothing that is wrong with a customer, so no cause that cases come back for.
_NO_CAUSE = frozenset({"healthy", "stripe_unreachable"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case is opened with. `apart`: it is a matter of its own, whatever it is called."""

    customer: Customer
    words: Mapping[str, Any]
    context: Mapping[str, Any]
    contact: Contact | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """What a case began with that was opened just now."""

    contact: Contact
    clocks: Clocks


async def thread_of(tx: Tx, customer: str, *, subject: str, channel: Channel) -> Contact:
    """Return the contact in which the customer reaches a person about this."""
    return (await _thread(tx, customer, subject=subject, channel=channel))[0]


async def make(tx: Tx, kind: type[R], asked: Asked) -> tuple[R, Begun | None]:
    """Open a case; or hold the customer's open one of the same matter.

    Returns what a new one began with, and None with one that was there. Raises CaseBusyError.
    """
    for _ in range(MAX_LOOKS):
        same = store.Matter() if asked.apart else await _same_matter(tx, asked)
        if same.row is not None:
            return kind.of(same.row), None
        words, name = asked.words, tx.new_id("case")
        planned = await clocks.plan_start(
            tx, asked.customer, severity=words["severity"], spam=words["spam"]
        )
        add = _add_held if words["about"] and (asked.apart or same.has_thread) else _add
        row, thread = await add(tx, asked, name, planned.clocks)
        if row is not None:
            case = kind.of(row)
            await _announce(tx, case, asked.customer)
            return case, Begun(thread, await clocks.start(tx, case.id, planned))
    raise store.CaseBusyError


async def say_on(
    tx: Tx,
    case: Record,
    way: Way,
    text: str,
    *,
    contact: str | None = None,
    channel: Channel | None = None,
    cc: Sequence[str] = (),
    mentions: Sequence[str] = (),
) -> Message:
    said = await say(
        tx,
        customer=case.customer,
        direction=way,
        text=text,
        contact=contact,
        case_id=case.id,
        subject=case.subject,
        channel=channel or case.channel,
        cc=cc,
        mentions=mentions,
    )
    await know_message(tx, case.id, said.text)
    return said


def cause_of(words: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """Return what cases have in common that come back.

    Of a case about an object it is what the diagnosis found; of any other the matter itself.
    """
    found = (context.get("diagnosis") or {}).get("root_cause") or "healthy"
    if words["about"] and found not in _NO_CAUSE:
        return str(found)
    return store.reuse_key(words)[:MAX_CAUSE]


def asks(tx: Tx) -> bool:
    """Whether the actor's words are the customer's own."""
    return tx.actor.kind in SPEAK_FOR_CUSTOMERS


async def _thread(tx: Tx, customer: str, *, subject: str, channel: Channel) -> tuple[Contact, bool]:
    return await contacts.open_or_take_up(
        tx, customer, channel=channel, direction="inbound", tier="human", subject=subject
    )


async def _thread_of_new(tx: Tx, customer: str, case: str, *, channel: Channel) -> Contact:
    """Nobody else knows the case yet, so there is no contact of it."""
    return await contacts.open_new(
        tx, customer, channel=channel, direction="inbound", tier="human", subject=case
    )


async def _same_matter(tx: Tx, asked: Asked) -> store.Matter:
    """Hold the customer's open case of the same matter; say whether they have a contact of it."""
    same = await store.matter_of(tx, asked.customer.id, asked.words)
    row = await store.lock_case(tx, same.case) if same.case else None
    return replace(same, row=row if row and row["status"] in OPEN else None)


async def _add_held(
    tx: Tx, asked: Asked, name: str, planned: Clocks
) -> tuple[store.Row | None, Contact]:
    """Add the row; where another came first, nothing stays changed or held of a contact."""
    async with tx.conn.transaction() as adding:
        row, thread = await _add(tx, asked, name, planned)
        if row is None:
            raise Rollback(adding)
    return row, thread


async def _add(
    tx: Tx, asked: Asked, name: str, planned: Clocks
) -> tuple[store.Row | None, Contact]:
    """Add the row and its contact; where another came first, no new contact stays behind."""
    words = asked.words
    thread, is_new, customer = asked.contact, False, asked.customer.id
    if thread is None and words["about"]:
        thread, is_new = await _thread(
            tx, customer, subject=words["about"], channel=words["channel"]
        )
    elif thread is None:
        thread, is_new = await _thread_of_new(tx, customer, name, channel=words["channel"]), True
    row = await _insert(tx, asked, name, thread, planned)
    if row is None and is_new:
        await contacts.drop_new(tx, thread)
    return row, thread


async def _insert(
    tx: Tx, asked: Asked, case: str, thread: Contact, planned: Clocks
) -> store.Row | None:
    """Add the row; None where the customer has an open case of the same matter by now."""
    words, customer = asked.words, asked.customer
    risk = risk_of(asked.context, words["because"])
    facts = {
        "id": case,
        "customer": customer.id,
        "contact": thread.id,
        "promised_at": planned.response_due_at,
        "due_at": planned.due_at(),
        "priority": priority_of(words["severity"], customer.plan, risk),
        "cause": cause_of(words, asked.context),
        "reuse_key": case if asked.apart else store.reuse_key(words),
    }
    return await store.add_case(tx, {**words, **facts}, asked.context)


async def _announce(tx: Tx, case: Record, customer: Customer) -> None:
    """Tell the search, the log and whoever listens."""
    await know_new_case(tx, case, customer)
    facts: dict[str, audit.Value] = {
        "severity": case.severity,
        "about": case.about,
        "number": case.number,
        "kind": case.kind,
        "channel": case.channel,
        "team": case.team,
        "priority": case.priority,
    }
    await audit.record(
        tx, "case.opened", case.id, customer=case.customer, because=case.because, after=facts
    )
    told = facts | {"because": case.because, "spam": case.spam}
    await tx.emit(Event("case.opened", case.id, case.customer, told))
