"""Opening a case with everything known, and finding cases again."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypedDict, Unpack

from prunella.cases import making, store
from prunella.cases.attachments import Attachment, File, attach
from prunella.cases.case import Case
from prunella.cases.contact import ASSUME, Contact
from prunella.cases.filters import Filter
from prunella.cases.finding import Page, inbox
from prunella.cases.making import Asked, Begun
from prunella.cases.message import EmptyTextError, Message, fit_text, one_line
from prunella.cases.record import OPEN, Because, Kind, Severity, Status
from prunella.cases.tags import changed_tags
from prunella.cases.tier import Channel
from prunella.kit.house import Tx
from prunella.people import Customer

MAX_MESSAGES = 500
_ID = re.compile(r"case_[0-9a-z_]{1,60}")
P = ParamSpec("P")


class Context(TypedDict, total=False):
    """What is known when a case is opened: a person needs it, so that nobody explains twice."""

    diagnosis: Mapping[str, Any] | None
    tried: Sequence[Mapping[str, Any]]
    actions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as somebody asked for it. One that is new has `begun`, and nothing else on it."""

    case: Case
    begun: Begun | None = None
    files: Sequence[Attachment] = ()

    @property
    def said(self) -> Message | None:
        """What was said first on a new one."""
        return self.begun.said if self.begun else None


async def begin_case(
    tx: Tx,
    customer: Customer,
    *,
    subject: str,
    because: Because,
    text: str = "",
    about: str = "",
    severity: Severity = "medium",
    kind: Kind = "question",
    channel: Channel = "web",
    tags: Iterable[str] = (),
    spam: bool = False,
    on_behalf: bool = False,
    apart: bool = False,
    attachments: Sequence[File] = (),
    contact: Contact | None = None,
    **context: Unpack[Context],
) -> Opened:
    """Open a case, or return the customer's open one of the same matter with this added.

    The matter is `about` (an id, such as an invoice's), else the subject. One click without a word
    is enough; files need a word to hang on. `on_behalf`: a colleague passes on what the customer
    said, so it counts as theirs. `apart`: it is a matter of its own, whatever it is called.
    """
    if attachments and not text.strip():
        raise EmptyTextError
    words = {
        "subject": one_line(subject),
        "text": fit_text(text) if text.strip() else "",
        "about": about,
        "because": because,
        "severity": severity,
        "kind": kind,
        "channel": channel,
        "tags": changed_tags((), add=tags),
        "spam": spam,
    }
    thread = await _touched(tx, contact)
    theirs = on_behalf or making.asks(tx)
    asked = Asked(customer, words, _full(context), thread, apart, "in" if theirs else "note")
    case, begun = await making.make(tx, Case, asked)
    if begun:
        await _take_up(tx, case, begun.contact, theirs=theirs, known=thread is not None)
        files = await attach(tx, begun.said.id, attachments) if begun.said else []
        return Opened(case, begun, files)
    await _say_again(tx, case, asked, attachments, on_behalf=on_behalf)
    return Opened(await get_case(tx, case.id) or case)


def _case_of(opens: Callable[P, Awaitable[Opened]]) -> Callable[P, Awaitable[Case]]:
    @wraps(opens)
    async def open_it(*args: P.args, **kwargs: P.kwargs) -> Case:
        return (await opens(*args, **kwargs)).case

    return open_it


open_case = _case_of(begin_case)
"""The same, for who needs the case alone."""


async def get_case(tx: Tx, case: str) -> Case | None:
    """Return the case of this id; what is no id has none."""
    if not _ID.fullmatch(case):
        return None
    row = await store.case_by_id(tx, case)
    return None if row is None else Case.of(row)


async def list_cases(
    tx: Tx,
    *,
    statuses: Sequence[Status] = OPEN,
    customer: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Return cases, newest first, from the one after the cursor `after` on."""
    asked = Filter(
        statuses=tuple(statuses), customer=customer, snoozed=None, spam=None, order="newest"
    )
    return await inbox(tx, asked, after=after, limit=limit)


async def messages_of(tx: Tx, case: Case) -> list[Message]:
    """Return everything said on the case and on its contact, oldest first, notes included."""
    return [Message.of(row) for row in await store.messages_of_case(tx, case.id, MAX_MESSAGES)]


def _full(context: Context) -> dict[str, Any]:
    return {
        "diagnosis": dict(context.get("diagnosis") or {}),
        "tried": list(context.get("tried", ())),
        "actions": list(context.get("actions", ())),
    }


async def _touched(tx: Tx, contact: Contact | None) -> Contact | None:
    """Note that a person is reached in it; None where it has ended."""
    thread = await contact.touch(tx, "human") if contact else None
    return None if thread and thread.ended_at else thread


async def _say_again(
    tx: Tx, case: Case, asked: Asked, files: Sequence[File], *, on_behalf: bool
) -> None:
    """Add to a case that was open: what was said last already is heard again, and not repeated."""
    text = asked.words["text"]
    if text and (files or text != await store.last_text(tx, case.id)):
        channel = asked.words["channel"]
        await case.add_message(tx, text, channel=channel, attachments=files, on_behalf=on_behalf)
    elif on_behalf or making.asks(tx):
        await case.hear(tx)
    await store.add_tried(tx, case.id, asked.context["tried"])


async def _take_up(tx: Tx, case: Case, contact: Contact, *, theirs: bool, known: bool) -> None:
    """A person has it: silence settles nothing, and to whoever asked an answer is owed.

    A contact that was opened with the case, and is held, may say so already. A `known` one may
    have ended meanwhile.
    """
    if not theirs:
        if known or contact.answered_at:
            await tx.disarm(ASSUME, contact.id)
    elif known or (case.spam and tx.actor.verified):
        await case.hear(tx)
    elif not contact.is_heard(tx.now):
        await contact.hear(tx)
