"""What was said on a case: as the customer reads it, and as the desk does."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prunella.cases import Case, Message
from prunella.diagnostics import Words
from prunella.web.views.saying import Saying

Voice = Literal["them", "us", "lee", "memo", "letter"]
_SIGNED_LINK = re.compile(r"https?://\S+/l/\S+")
"""The address behind a letter's button opens the customer's page to whoever has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message with who said it and when."""

    id: str
    voice: Voice
    by: str
    when: str
    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A case as its customer sees it."""

    id: str
    number: int
    subject: str
    settled: bool
    closed: bool
    answered: bool
    promise: str
    said: list[Said]


def customers_talk(case: Case, messages: Sequence[Message], saying: Saying) -> Talk:
    """Notes among us are left out."""
    shown = [one for one in messages if one.direction != "note"]
    return Talk(
        id=case.id,
        number=case.number,
        subject=case.subject,
        settled=case.status in {"solved", "closed"},
        closed=case.status == "closed",
        answered=case.answered_at is not None,
        promise=saying.until(case.promised_at),
        said=[_said(one, saying, _CUSTOMERS_NAMES) for one in shown],
    )


def desks_talk(messages: Sequence[Message], saying: Saying, *, customer: str) -> list[Said]:
    """Everything, notes and all; `customer` is their name."""
    names = _DESKS_NAMES | {"them": customer}
    return [_said(one, saying, names) for one in messages]


def _said(message: Message, saying: Saying, names: Mapping[str, str]) -> Said:
    voice = _voice(message)
    name = names[voice]
    return Said(
        id=message.id,
        voice=voice,
        by=saying.say(name) if name.startswith("page.") else name,
        when=saying.until(message.created_at),
        at=message.created_at.isoformat(),
        text=without_links(message.text, saying.words),
    )


def without_links(text: str, words: Words) -> str:
    return _SIGNED_LINK.sub(words.say("page.talk.button"), text)


def _voice(message: Message) -> Voice:
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
