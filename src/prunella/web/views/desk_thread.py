"""What was said on a case and what happened between, in one line of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella.cases import Attachment, Message, Sending, Step
from prunella.cases.mail import MailFacts
from prunella.connectors.mail.quoted import Folded, fold
from prunella.people import Colleague
from prunella.web.views.desk_steps import told_steps
from prunella.web.views.saying import Saying
from prunella.web.views.talk import Voice, voice_of, without_links

_NAMES: Mapping[Voice, str] = {
    "us": "page.desk.us",
    "lee": "page.talk.lee",
    "memo": "page.desk.memo",
    "letter": "page.talk.letter",
}
_FORWARDED = "forwarded"
"""Their words, which a colleague sent on: only one whom our mail server vouches for can."""
_SENT = {"waiting": "wait", "sent": "ok", "failed": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message with who said it, or an event between (`voice` is then `event`).

    `aside` is said more softly; `quoted` is folded: what a mail only repeats, or how a letter of
    ours goes on; `mail` is how far it is on its way.
    """

    voice: Voice | Literal["event"]
    at: datetime
    when: str
    text: str
    id: str = ""
    by: str = ""
    aside: str = ""
    quoted: str = ""
    cc: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()
    formatted: bool = False
    mail: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speakers:
    """Whose names stand over the messages."""

    customer: str
    colleagues: Mapping[str, Colleague]
    me: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Everything that goes into the line of time."""

    messages: Sequence[Message]
    steps: Sequence[Step]
    files: Mapping[str, Sequence[Attachment]]
    mails: Mapping[str, Sending]
    came: Mapping[str, MailFacts]


def thread_of(thread: Thread, speakers: Speakers, saying: Saying) -> list[Line]:
    """Oldest first; of one moment, what was said comes before what it led to."""
    lines = [_line(message, thread, speakers, saying) for message in thread.messages]
    lines += [
        Line(voice="event", at=at, when=saying.until(at), text=words)
        for at, words in told_steps(thread.steps, speakers.colleagues, saying)
    ]
    return sorted(lines, key=lambda line: (line.at, line.voice == "event"))


def last_said(messages: Sequence[Message]) -> str:
    """Return the newest message that somebody wrote; what we send by itself is nobody's word."""
    return next((one.id for one in reversed(messages) if voice_of(one) != "letter"), "")


def _line(message: Message, thread: Thread, speakers: Speakers, saying: Saying) -> Line:
    voice = voice_of(message)
    by, aside = _by(message, voice, speakers, saying)
    came = thread.came.get(message.id) if voice == "them" else None
    if came:
        by = by if came.outcome == _FORWARDED else came.sender_name or by
        aside = _how_it_came(came, saying)
    folded = _folded(message, voice, without_links(message.text, saying.words))
    sent = thread.mails.get(message.id)
    return Line(
        id=message.id,
        voice=voice,
        by=by,
        aside=aside,
        when=saying.until(message.created_at),
        at=message.created_at,
        text=folded.fresh,
        quoted=folded.quoted,
        cc=message.cc,
        formatted=came is not None and came.has_html,
        files=tuple(thread.files.get(message.id, ())),
        mail=(_SENT[sent.state], saying.say(f"page.known.mail_{sent.state}")) if sent else None,
    )


def _folded(message: Message, voice: Voice, text: str) -> Folded:
    """Of a mail what is new, of a letter of ours how it begins: the rest unfolds."""
    if voice == "letter":
        first, _, rest = text.partition("\n\n")
        return Folded(first, rest.strip())
    return fold(text) if message.channel == "mail" and voice == "them" else Folded(text, "")


def _by(message: Message, voice: Voice, speakers: Speakers, saying: Saying) -> tuple[str, str]:
    if voice == "them":
        return speakers.customer, saying.say(f"page.score.by_{message.channel}")
    who = _who(message, speakers, saying)
    if voice == "memo":
        return saying.say("page.desk.memo"), _calling(who, message, speakers, saying)
    if voice == "us" and who:
        return who, ""
    return saying.say(_NAMES[voice]), ""


def _how_it_came(came: MailFacts, saying: Saying) -> str:
    if came.outcome == _FORWARDED:
        return saying.say("page.thread.forwarded", name=came.sender_name or came.sender)
    how = "stranger" if came.outcome == "stranger" else "verified" if came.verified else ""
    return saying.say(f"page.thread.{how or 'unverified'}", sender=came.sender)


def _calling(who: str, message: Message, speakers: Speakers, saying: Saying) -> str:
    """Whoever wrote a note sees whom it reached."""
    known = [speakers.colleagues.get(one) for one in message.mentions]
    names = ", ".join(one.name for one in known if one)
    return saying.say("page.thread.calls", who=who, names=names) if names else who


def _who(message: Message, speakers: Speakers, saying: Saying) -> str:
    if message.author_kind != "staff":
        return ""
    if message.author_id == speakers.me:
        return saying.say("page.thread.you")
    known = speakers.colleagues.get(message.author_id)
    return known.name if known else message.author_id
