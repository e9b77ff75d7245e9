"""What was said on a case: as the customer reads it, and as the desk does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella.cases import Attachment, Case, Message
from prunella.diagnostics import Words
from prunella.web.views.asking import Asking, asking, what_happens
from prunella.web.views.saying import Saying
from prunella.web.views.story import Step

Voice = Literal["them", "us", "lee", "memo", "letter"]
_SIGNED_LINK = re.compile(r"https?://\S+/l/\S+")
"""The address behind a letter's button opens the customer's page to whoever has it."""


Files = Mapping[str, Sequence[Attachment]]
KILO = 1024


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file to be downloaded; `size` in words."""

    id: str
    name: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message with who said it and when."""

    id: str
    voice: Voice
    by: str
    when: str
    at: str
    text: str
    files: tuple[FileLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A case as its customer sees it."""

    id: str
    number: int
    subject: str
    is_guests: bool
    asking: Asking
    steps: list[Step]
    said: list[Said]


def customers_talk(
    case: Case,
    messages: Sequence[Message],
    saying: Saying,
    *,
    next_answer_at: datetime,
    solved_by: datetime | None = None,
    files: Files | None = None,
    is_guests: bool = False,
) -> Talk:
    """Notes among us are left out."""
    shown = [one for one in messages if one.direction != "note"]
    return Talk(
        id=case.id,
        number=case.number,
        subject=case.subject,
        is_guests=is_guests,
        asking=asking(case, saying, next_answer_at=next_answer_at),
        steps=what_happens(case, saying, next_answer_at=next_answer_at, solved_by=solved_by),
        said=[_said(one, saying, _CUSTOMERS_NAMES, files or {}) for one in shown],
    )


def desks_talk(
    messages: Sequence[Message], saying: Saying, *, customer: str, files: Files | None = None
) -> list[Said]:
    """Everything, notes and all; `customer` is their name."""
    names = _DESKS_NAMES | {"them": customer}
    return [_said(one, saying, names, files or {}) for one in messages]


def size_of(size: int) -> str:
    """Return a size as people say it."""
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} kB"
    return f"{size / KILO / KILO:.1f} MB"


def _said(message: Message, saying: Saying, names: Mapping[str, str], files: Files) -> Said:
    voice = voice_of(message)
    hanging = files.get(message.id, ())
    name = names[voice]
    return Said(
        id=message.id,
        voice=voice,
        by=saying.say(name) if name.startswith("page.") else name,
        when=saying.until(message.created_at),
        at=message.created_at.isoformat(),
        text=without_links(message.text, saying.words),
        files=tuple(FileLink(one.id, one.name, size_of(one.size)) for one in hanging),
    )


def without_links(text: str, words: Words) -> str:
    return _SIGNED_LINK.sub(words.say("page.talk.button"), text)


def voice_of(message: Message) -> Voice:
    ways: Mapping[str, Voice] = {"in": "them", "note": "memo"}
    if message.author_kind == "lee":
        return "lee"
    if message.author_kind == "system" and message.direction == "out":
        return "letter"
    return ways.get(message.direction, "us")


_CUSTOMERS_NAMES = {
    "them": "page.talk.you",
    "us": "page.talk.us",
    "lee": "page.talk.lee",
    "memo": "page.talk.us",
    "letter": "page.talk.letter",
}
_DESKS_NAMES = {
    "us": "page.desk.us",
    "lee": "page.talk.lee",
    "memo": "page.desk.memo",
    "letter": "page.talk.letter",
}
