"""What was said on a case, as its customer reads it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella.cases import Attachment, Case, Message
from prunella.connectors.mail.quoted import Folded, fold
from prunella.diagnostics import Words
from prunella.web.views.asking import Asking, asking, what_happens
from prunella.web.views.saying import Saying
from prunella.web.views.story import Step

Voice = Literal["them", "us", "lee", "memo", "letter"]
_SIGNED_LINK = re.compile(r"https?://\S{1,300}?/l/\S+")
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
    """One message with who said it and when; `quoted` is what a mail only repeats."""

    id: str
    voice: Voice
    by: str
    when: str
    at: str
    text: str
    quoted: str = ""
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
        said=[_said(one, saying, files or {}) for one in shown],
    )


def size_of(size: int) -> str:
    """Return a size as people say it."""
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} kB"
    return f"{size / KILO / KILO:.1f} MB"


def _said(message: Message, saying: Saying, files: Files) -> Said:
    voice = voice_of(message)
    hanging = files.get(message.id, ())
    text = without_links(message.text, saying.words)
    said = fold(text) if message.channel == "mail" and voice == "them" else Folded(text, "")
    return Said(
        id=message.id,
        voice=voice,
        by=saying.say(_NAMES[voice]),
        when=saying.until(message.created_at),
        at=message.created_at.isoformat(),
        text=said.fresh,
        quoted=said.quoted,
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


_NAMES = {
    "them": "page.talk.you",
    "us": "page.talk.us",
    "lee": "page.talk.lee",
    "memo": "page.talk.us",
    "letter": "page.talk.letter",
}
