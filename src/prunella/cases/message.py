"""What was said: by the customer, to the customer, or as a note among us."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal, Self, TypedDict, Unpack

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


class More(TypedDict, total=False):
    """What a message may have besides; it has none of it, and is of the web, where not said."""

    contact: str | None
    case_id: str | None
    subject: str
    html: str | None
    channel: Channel
    cc: Sequence[str]
    mentions: Sequence[str]


async def say(tx: Tx, *, customer: str, direction: Way, text: str, **more: Unpack[More]) -> Message:
    """Store one message of the actor's."""
    message = unsaid(tx, customer=customer, direction=direction, text=text, **more)
    await store.add_message(tx, message)
    return message


def unsaid(tx: Tx, *, customer: str, direction: Way, text: str, **more: Unpack[More]) -> Message:
    """Return a message of the actor's that is written together with what it stands on."""
    return Message(
        id=tx.new_id("msg"),
        contact=more.get("contact"),
        case_id=more.get("case_id"),
        customer=customer,
        direction=direction,
        author_kind=tx.actor.kind,
        author_id=tx.actor.id,
        subject=one_line(more.get("subject", "")),
        text=fit_text(text),
        html=more.get("html"),
        created_at=tx.now,
        channel=more.get("channel", "web"),
        cc=tuple(more.get("cc", ())),
        mentions=tuple(more.get("mentions", ())),
    )


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
