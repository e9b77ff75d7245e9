"""What is said on a case: the customer's words, our replies, and notes among us."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from prunella import audit, people
from prunella.cases import clocks, making, store, store_links
from prunella.cases import contact as contacts
from prunella.cases.attachments import File, attach
from prunella.cases.changing import held, locked, open_contacts, put, rouse
from prunella.cases.contact import Contact
from prunella.cases.making import Asked
from prunella.cases.message import Message, fit_text
from prunella.cases.record import R, Record, Status
from prunella.cases.tier import Channel
from prunella.connectors.mail import is_address
from prunella.kit.events import Event
from prunella.kit.house import Tx

NOTHING_KNOWN: Mapping[str, Any] = {"diagnosis": {}, "tried": [], "actions": []}
MAX_CC = 20
MAX_MENTIONS = 20
_MENTION = re.compile(r"(?<![\w.@/-])@([a-zA-Z0-9][a-zA-Z0-9-]{0,39})")


class BadCopyError(ValueError):
    """One of the addresses in copy is no mail address, or there are more than 20."""


class Talking(Record):
    """The verbs of what is said."""

    __slots__ = ()

    async def add_message(
        self,
        tx: Tx,
        text: str,
        *,
        channel: Channel | None = None,
        cc: Sequence[str] = (),
        attachments: Sequence[File] = (),
        on_behalf: bool = False,
    ) -> Message:
        """Add what the actor says: a customer's words owe an answer, anyone else's are a note.

        A customer who writes again opens what was solved or waiting for them; to a closed case
        they get a new one that is linked to it, and the message says which. `on_behalf`: a
        colleague passes on what the customer said.
        """
        if not (on_behalf or making.asks(tx)):
            return await self.note(tx, text, attachments=attachments)
        text = fit_text(text)
        case = await held(tx, self)
        if case.status == "closed":
            case = await _successor(tx, case, text, channel or case.channel)
        else:
            await _hear(tx, case)
        contact = (await live_contact(tx, case)).id
        said = await making.say_on(
            tx, case, "in", text, contact=contact, channel=channel, cc=_checked(cc)
        )
        await attach(tx, said.id, attachments)
        await tx.emit(Event("case.heard", case.id, case.customer, {"message": said.id}))
        return said

    async def hear(self, tx: Tx) -> None:
        """The customer asks, or asks again: what was solved or waited for them is open."""
        await _hear(tx, await locked(tx, self))

    async def reply(
        self,
        tx: Tx,
        text: str,
        *,
        cc: Sequence[str] = (),
        attachments: Sequence[File] = (),
        status: Status = "pending",
        root_cause: str = "",
    ) -> Message:
        """Answer the customer. The case then waits for them, and silence settles it.

        `status` is what it becomes; one that is solved may need its `root_cause`.
        """
        case = await locked(tx, self)
        contact = await (await live_contact(tx, case)).touch(tx, "human")
        said = await making.say_on(tx, case, "out", text, contact=contact.id, cc=_checked(cc))
        await attach(tx, said.id, attachments)
        for one in await open_contacts(tx, case):
            await one.answer(tx)
        after: dict[str, audit.Value] = {"message": said.id}
        after |= {"copies": len(said.cc), "files": len(attachments)}
        await audit.record(tx, "case.replied", case.id, customer=case.customer, after=after)
        found = {"root_cause": root_cause} if root_cause else {}
        answered = case.answered_at or tx.now
        case = await put(tx, case, because="answered", status=status, answered_at=answered, **found)
        await clocks.reply(tx, case)
        await tx.emit(Event("case.answered", case.id, case.customer, {"message": said.id}))
        return said

    async def note(self, tx: Tx, text: str, *, attachments: Sequence[File] = ()) -> Message:
        """Write among us. `@handle` calls a colleague; who works here no more is not called."""
        case = await held(tx, self)
        called = await _mentioned(tx, text)
        said = await making.say_on(tx, case, "note", text, mentions=called)
        await attach(tx, said.id, attachments)
        after: dict[str, audit.Value] = {"message": said.id, "mentions": called}
        after |= {"files": len(attachments)}
        await audit.record(tx, "case.noted", case.id, customer=case.customer, after=after)
        await tx.emit(Event("case.noted", case.id, case.customer, {"message": said.id}))
        if called:
            data = {"message": said.id, "colleagues": called, "by": tx.actor.id}
            await tx.emit(Event("case.mentioned", case.id, case.customer, data))
        return said


async def live_contact(tx: Tx, case: Record) -> Contact:
    """Return the contact of the case, or a new one when that has ended."""
    contact = await contacts.get(tx, case.contact)
    if contact and contact.ended_at is None:
        return contact
    fresh = await making.thread_of(
        tx, case.customer, subject=case.about or case.id, channel=case.channel
    )
    await store.move_to_contact(tx, case.id, fresh.id)
    return fresh


async def _hear(tx: Tx, case: R) -> R:
    await live_contact(tx, case)
    for one in await open_contacts(tx, case):
        await one.hear(tx)
    case = await rouse(tx, case)
    spam = case.spam and not tx.actor.verified
    status = case.status if case.status == "new" else "open"
    case = await put(tx, case, because="customer_wrote", status=status, spam=spam)
    return await clocks.hear(tx, case)


async def _successor(tx: Tx, case: R, text: str, channel: Channel) -> R:
    """Return the open case that goes on where a closed one ended, new where there is none."""
    customer = await people.find_customer(tx, case.customer)
    if customer is None:
        raise LookupError(case.customer)
    words = {
        "subject": case.subject,
        "text": text,
        "about": case.about,
        "because": "asked",
        "severity": case.severity,
        "kind": case.kind,
        "channel": channel,
        "tags": case.tags,
        "spam": case.spam and not tx.actor.verified,
    }
    after, begun = await making.make(tx, type(case), Asked(customer, words, NOTHING_KNOWN))
    await store_links.add(tx, after.id, case.id, "follows")
    if begun is None:
        return await _hear(tx, after)
    await begun.contact.hear(tx)
    return after


async def _mentioned(tx: Tx, text: str) -> list[str]:
    handles = [one.lower() for one in _MENTION.findall(text)][:MAX_MENTIONS]
    found = await people.by_handle(tx, handles) if handles else {}
    return sorted({colleague.id for colleague in found.values()})


def _checked(cc: Sequence[str]) -> tuple[str, ...]:
    if len(cc) > MAX_CC or not all(is_address(one) for one in cc):
        raise BadCopyError
    return tuple(dict.fromkeys(cc))
