"""A mail that somebody forwards: who wrote it first, and what. Pure."""

import re
from dataclasses import dataclass
from email.message import Message

from prunella.connectors.mail.reading.names import Mailbox, decoded, mailboxes, text_of

# Nothing that may be spaces stands twice in a row, or reaches over lines: one look at each letter.
_BEGINS = re.compile(
    r"^[^\S\n]*(?:-{3,}\s*(?:forwarded message|weitergeleitete nachricht|original message|"
    r"ursprüngliche nachricht)\s*-{3,}|begin forwarded message:|"
    r"anfang der weitergeleiteten nachricht:)[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(r"^\s*(?:>\s*)?\*?([A-Za-zÄÖÜäöü-]{2,20}):\*?\s*(.*)$")
_FROM = ("from", "von")
_SUBJECT = ("subject", "betreff")
MAX_HEAD_LINES = 12


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Who wrote the mail that is forwarded, its subject and words; `said` stands above it."""

    sender: Mailbox
    subject: str
    text: str
    said: str


def forwarded_of(message: Message, text: str) -> Forwarded | None:
    """Return what was forwarded, in the text or as a mail within the mail."""
    within = next((p for p in message.walk() if p.get_content_type() == "message/rfc822"), None)
    inner = within.get_payload() if within else None
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        senders = mailboxes(inner[0], "From")
        if senders:
            return Forwarded(senders[0], text_of(inner[0], "Subject"), "", text)
    begins = _BEGINS.search(text)
    return _in_text(text[: begins.start()], text[begins.end() :]) if begins else None


def _in_text(said: str, rest: str) -> Forwarded | None:
    lines = rest.lstrip("\n").split("\n")
    head: dict[str, str] = {}
    place = 0
    for place, line in enumerate(lines[:MAX_HEAD_LINES]):  # noqa: B007 where it ended is needed below
        found = _LINE.match(line)
        if found is None and head:
            break
        if found:
            head.setdefault(found[1].lower(), found[2])
    sender = next((head[word] for word in _FROM if word in head), "")
    carrier = Message()
    carrier["From"] = decoded(sender)
    senders = mailboxes(carrier, "From")
    if not senders:
        return None
    subject = next((head[word] for word in _SUBJECT if word in head), "")
    words = "\n".join(lines[place:]).strip()
    return Forwarded(senders[0], decoded(subject), words, said.strip())
