"""What was said on a case and what happened between, in one line of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prunella.cases import Message
from prunella.people import Colleague
from prunella.web.views.saying import Saying
from prunella.web.views.talk import Voice, voice_of, without_links

_NAMES: Mapping[Voice, str] = {
    "us": "page.desk.us",
    "lee": "page.talk.lee",
    "memo": "page.desk.memo",
    "letter": "page.talk.letter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message, with who said it on which channel, and when; `aside` is said more softly."""

    id: str
    voice: Voice
    by: str
    aside: str
    when: str
    at: str
    text: str
    cc: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """Whose names stand over the messages."""

    customer: str
    colleagues: Mapping[str, Colleague]
    me: str


def thread_of(messages: Sequence[Message], speakers: Speakers, saying: Saying) -> list[Line]:
    return [_line(message, speakers, saying) for message in messages]


def _line(message: Message, speakers: Speakers, saying: Saying) -> Line:
    voice = voice_of(message)
    by, aside = _by(message, voice, speakers, saying)
    return Line(
        id=message.id,
        voice=voice,
        by=by,
        aside=aside,
        when=saying.until(message.created_at),
        at=message.created_at.isoformat(),
        text=without_links(message.text, saying.words),
        cc=message.cc,
    )


def _by(message: Message, voice: Voice, speakers: Speakers, saying: Saying) -> tuple[str, str]:
    if voice == "them":
        return speakers.customer, saying.say(f"page.score.by_{message.channel}")
    who = _who(message, speakers, saying)
    if voice == "memo":
        return saying.say("page.desk.memo"), who
    if voice == "us" and who:
        return who, ""
    return saying.say(_NAMES[voice]), ""


def _who(message: Message, speakers: Speakers, saying: Saying) -> str:
    if message.author_kind != "staff":
        return ""
    if message.author_id == speakers.me:
        return saying.say("page.thread.you")
    known = speakers.colleagues.get(message.author_id)
    return known.name if known else message.author_id
