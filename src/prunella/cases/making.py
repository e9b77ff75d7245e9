"""How a case comes to be: its row, its contact, its promise, and what is said on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from psycopg import Rollback

from prunella import audit
from prunella.cases import clocks, store, store_making
from prunella.cases import contact as contacts
from prunella.cases.contact import Contact
from prunella.cases.indexing import head_of_new, know_message
from prunella.cases.message import SPEAK_FOR_CUSTOMERS, Message, Way, say, unsaid
from prunella.cases.priority import priority_of, risk_of
from prunella.cases.record import OPEN, R, Record
from prunella.cases.sla import Clocks
from prunella.cases.tier import Channel
from prunella.cases.words import words_of
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer

MAX_LOOKS = 5
MAX_CAUSE = 200
# Nothing that is wrong with a customer, so no cause that cases come back for.
_NO_CAUSE = frozenset({"healthy", "stripe_unreachable"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case is opened with. `apart`: it is a matter of its own, whatever it is called.

    `way` is how its text, if there is one, is said on it; None: that is left to the caller.
    """

    customer: Customer
    words: Mapping[str, Any]
    context: Mapping[str, Any]
    contact: Contact | None = None
    apart: bool = False
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """What a case began with that was opened just now; `said` where its text was."""

    contact: Contact
    clocks: Clocks
    said: Message | None


Added = tuple[store.Row | None, Contact, Message | None]


async def thread_of(tx: Tx, customer: str, *, subject: str, channel: Channel) -> Contact:
    """Return the contact in which the customer reaches a person about this."""
    return (await _thread(tx, customer, subject=subject, channel=channel))[0]


async def make(tx: Tx, kind: type[R], asked: Asked) -> tuple[R, Begun | None]:
    """Open a case; or hold the customer's open one of the same matter.

    Returns what a new one began with, and None with one that was there. Raises CaseBusyError.
    """
    words = asked.words
    for look in range(MAX_LOOKS):
        same = await _same_matter(tx, asked, first=look == 0)
        if same.row is not None:
            return kind.of(same.row), None
        planned = await clocks.plan_start(
            tx, asked.customer, severity=words["severity"], spam=words["spam"]
        )
        held = words["about"] and (asked.apart or same.has_thread) and not same.is_first
        add = _add_held if held else _add
        row, thread, said = await add(tx, asked, same, planned.clocks)
        if row is not None:
            case = kind.of(row)
            await _announce(tx, case)
            return case, Begun(thread, await clocks.start(tx, case.id, planned), said)
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


async def _same_matter(tx: Tx, asked: Asked, *, first: bool) -> store.Matter:
    """Hold the customer's open case of the same matter; say whether they have a contact of it.

    Of a customer who is new there can be nothing, so at `first` nothing is looked for.
    """
    if first and asked.customer.fresh:
        return store.Matter(is_first=True)
    if asked.apart:
        return store.Matter()
    same = await store.matter_of(tx, asked.customer.id, asked.words)
    row = await store.lock_case(tx, same.case) if same.case else None
    return replace(same, row=row if row and row["status"] in OPEN else None)


async def _add_held(tx: Tx, asked: Asked, same: store.Matter, planned: Clocks) -> Added:
    """Add the rows; where another came first, nothing stays changed or held of a contact."""
    async with tx.conn.transaction() as adding:
        added = await _add(tx, asked, same, planned)
        if added[0] is None:
            raise Rollback(adding)
    return added


async def _add(tx: Tx, asked: Asked, same: store.Matter, planned: Clocks) -> Added:
    """Add the rows; none where the customer has an open case of the same matter by now."""
    name = tx.new_id("case")
    known, is_new = await _known_thread(tx, asked, same)
    thread = known or _thread_of_new(tx, asked, name)
    said = _first_words(tx, asked, case=name, contact=thread.id)
    row = await store_making.add(
        tx,
        _facts(asked, case=name, contact=thread.id),
        thread=None if known else thread,
        message=said,
        clocks=planned,
        found_by={
            "head": head_of_new(asked.words, asked.customer),
            "said": words_of(said.text) if said else [],
        },
    )
    if row is None and known and is_new:
        await contacts.drop_new(tx, known)
    return row, thread, said


async def _known_thread(tx: Tx, asked: Asked, same: store.Matter) -> tuple[Contact | None, bool]:
    """Return the contact that the case goes on in, and whether it was opened for that.

    About what is new itself there is none: that is written together with the case.
    """
    about, channel = asked.words["about"], asked.words["channel"]
    if asked.contact or not about or same.is_first:
        return asked.contact, False
    return await _thread(tx, asked.customer.id, subject=about, channel=channel)


def _thread_of_new(tx: Tx, asked: Asked, case: str) -> Contact:
    return contacts.of_new(
        tx,
        asked.customer.id,
        channel=asked.words["channel"],
        direction="inbound",
        tier="human",
        subject=asked.words["about"] or case,
    )


def _first_words(tx: Tx, asked: Asked, *, case: str, contact: str) -> Message | None:
    words = asked.words
    if not words["text"] or asked.way is None:
        return None
    return unsaid(
        tx,
        customer=asked.customer.id,
        direction=asked.way,
        text=words["text"],
        contact=contact,
        case_id=case,
        subject=words["subject"],
        channel=words["channel"],
    )


def _facts(asked: Asked, *, case: str, contact: str) -> dict[str, Any]:
    words, customer = asked.words, asked.customer
    risk = risk_of(asked.context, words["because"])
    return {
        **words,
        "id": case,
        "customer": customer.id,
        "contact": contact,
        "context": asked.context,
        "priority": priority_of(words["severity"], customer.plan, risk),
        "cause": cause_of(words, asked.context),
        "reuse_key": case if asked.apart else store.reuse_key(words),
    }


async def _announce(tx: Tx, case: Record) -> None:
    """Tell the log, and whoever listens."""
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
