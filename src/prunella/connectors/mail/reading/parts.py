"""The parts of a mail: its words, and the files that hang on it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value

from prunella.connectors.mail.reading.names import decoded

MAX_PARTS = 200
MAX_DEPTH = 30
MOST_LOOKS = 100_000_000
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)


class TooManyPartsError(ValueError):
    """This mail has more parts, or parts within parts, than anybody writes."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a mail: what it is called, its media type as its sender says, its bytes."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """`plain` and `html` as far as there are such parts; everything else is a file."""

    plain: str
    html: str
    files: tuple[Part, ...]


def check_parts(raw: bytes) -> None:
    """Raise TooManyPartsError where even taking a mail apart would keep us busy.

    Python's parser holds each line against the boundary of every part that it stands in.
    """
    if len(_BOUNDARY.findall(raw)) * raw.count(b"\n") > MOST_LOOKS:
        raise TooManyPartsError


def body_of(message: Message) -> Body:
    plain: list[str] = []
    html: list[str] = []
    files: list[Part] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        if part.get_filename() or part.get_content_disposition() == "attachment":
            files.append(_file(part, len(files)))
        elif kind == "text/plain":
            plain.append(_text(part))
        elif kind == "text/html":
            html.append(_text(part))
        else:
            files.append(_file(part, len(files)))
    return Body("\n\n".join(filter(None, plain)), "\n".join(html), tuple(files))


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something. A mail within the mail is one file."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        seen += 1
        if seen > MAX_PARTS or depth > MAX_DEPTH:
            raise TooManyPartsError
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [(one, depth + 1) for one in inner if isinstance(one, Message)]
        else:
            yield part


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    raw = data if isinstance(data, bytes) else b""
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return raw.decode(charset or "utf-8").replace("\r\n", "\n").replace("\0", "")
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1").replace("\r\n", "\n").replace("\0", "")


def _file(part: Message, place: int) -> Part:
    name = part.get_filename()
    called = decoded(collapse_rfc2231_value(name)) if name else ""
    if part.get_content_maintype() == "message":
        inner = part.get_payload()
        whole = inner[0] if isinstance(inner, list) and inner else None
        data = whole.as_bytes() if isinstance(whole, Message) else b""
        return Part(called or f"mail-{place + 1}.eml", "message/rfc822", data)
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return Part(called or f"part-{place + 1}", part.get_content_type(), data)
