"""A mail server's report that a mail of ours was not delivered (RFC 3464). Pure."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from prunella.connectors.mail.reading.names import decoded, ids_of

MAX_WORDS = 300
MAX_REPORTED = 20


@dataclass(frozen=True, slots=True)
class Bounce:
    """`parents` are the Message-IDs that it may be about; `final` is False for a mere delay."""

    parents: tuple[str, ...]
    recipient: str
    words: str
    final: bool


def bounce_of(message: Message) -> Bounce | None:
    """Return the report, or None where this mail is none."""
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    parts = list(message.walk())[:MAX_REPORTED]
    blocks = [b for p in parts if p.get_content_type() == "message/delivery-status" for b in _in(p)]
    told = next((block for block in blocks if block.get("Action")), None)
    if told is None:
        return None
    status = str(told.get("Status", "")).strip()
    why = decoded(str(told.get("Diagnostic-Code", ""))).partition(";")[2].strip()
    return Bounce(
        parents=_about(message, parts),
        recipient=decoded(str(told.get("Final-Recipient", ""))).rpartition(";")[2].strip(),
        words=(why or status or "not delivered")[:MAX_WORDS],
        final=str(told.get("Action")).strip().lower() == "failed" and not status.startswith("4"),
    )


def _about(message: Message, parts: list[Message]) -> tuple[str, ...]:
    returned = [b for p in parts if p.get_content_type() == "message/rfc822" for b in _in(p)]
    headers = [_headers(p) for p in parts if p.get_content_type() == "text/rfc822-headers"]
    own = [found for one in [*returned, *headers] for found in ids_of(one, "Message-ID")]
    return tuple(dict.fromkeys([*own, *ids_of(message, "In-Reply-To", "References")]))


def _in(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _headers(part: Message) -> Message:
    payload = part.get_payload(decode=True)
    return message_from_bytes(payload if isinstance(payload, bytes) else b"")
