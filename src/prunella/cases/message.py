"""What was said: by the customer, to the customer, or as a note among us."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, Self

from prunella.cases import store
from prunella.cases.tier import Channel
from prunella.kit.house import Tx

Way = Literal["in", "out", "note"]
SPEAK_FOR_CUSTOMERS = ("customer", "service")
"""Whose words are the customer's own: theirs, and what the company's product passes on."""
MAX_TEXT = 20_000
MAX_SUBJECT = 200
MAX_TITLE = 80


class EmptyTextError(ValueError):
    """There is nothing in it. Write what it is about."""


class TextTooLongError(ValueError):
    """This is longer than 20,000 characters. Send the most important part first."""


@dataclass(frozen=True, slots=True)
class Message:
    """`author_kind` and `author_id` are the actor's who wrote it.

    `cc` are the addresses that read along, `mentions` the ids of colleagues whom a note calls.
    """

    id: str
    contact: str | None
    case_id: str | None
    customer: str
    direction: Way
    author_kind: str
    author_id: str
    subject: str
    text: str
    html: str | None
    created_at: datetime
    channel: Channel = "web"
    cc: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: store.Row) -> Self:
        values = {field.name: row[field.name] for field in fields(cls)}
        return cls(**values | {"cc": tuple(row["cc"]), "mentions": tuple(row["mentions"])})


async def say(
    tx: Tx,
    *,
    customer: str,
    direction: Way,
    text: str,
    contact: str | None = None,
    case_id: str | None = None,
    subject: str = "",
    html: str | None = None,
    channel: Channel = "web",
    cc: Sequence[str] = (),
    mentions: Sequence[str] = (),
) -> Message:
    """Store one message of the actor's."""
    message = Message(
        id=tx.new_id("msg"),
        contact=contact,
        case_id=case_id,
        customer=customer,
        direction=direction,
        author_kind=tx.actor.kind,
        author_id=tx.actor.id,
        subject=one_line(subject),
        text=fit_text(text),
        html=html,
        created_at=tx.now,
        channel=channel,
        cc=tuple(cc),
        mentions=tuple(mentions),
    )
    await store.add_message(tx, message)
    return message


def fit_text(text: str) -> str:
    """Return the text without what the database cannot keep; refuse an empty or endless one."""
    kept = text.replace("\0", "").strip()
    if not kept:
        raise EmptyTextError
    if len(kept) > MAX_TEXT:
        raise TextTooLongError
    return kept


def titled(text: str) -> str:
    """Return what a text begins with, as a subject: a greeting is passed over, no word is cut."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    greets = len(lines) > 1 and lines[0].endswith((",", ":"))
    first = " ".join("".join(lines[greets : greets + 1]).split())
    if len(first) <= MAX_TITLE:
        return first
    whole = first[:MAX_TITLE].rpartition(" ")[0] or first[: MAX_TITLE - 1]
    return whole.rstrip(" .,;:-") + "…"


def one_line(subject: str) -> str:
    """Return the subject as one bounded line."""
    visible = "".join(c if c.isprintable() else " " for c in subject)
    return " ".join(visible.split())[:MAX_SUBJECT]
