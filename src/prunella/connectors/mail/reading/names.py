"""Headers as people read them: decoded, one line, bounded. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from prunella.connectors.mail.address import is_address

MAX_HEADER = 2_000
MAX_VALUE = 20_000
MAX_ADDRESSES = 50
MAX_PARENTS = 50
_ID = re.compile(r"<[^<>\s]{3,250}>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody's address, in lower case, and what they call themselves."""

    address: str
    name: str = ""


def text_of(message: Message, header: str) -> str:
    """Return the first header of this name, decoded; empty where there is none."""
    return decoded(next(iter(values_of(message, header)), ""))


def values_of(message: Message, header: str) -> list[str]:
    """Return the headers of this name as they came, also what is not ASCII in them."""
    name = header.lower()
    return [str(value) for key, value in message.raw_items() if key.lower() == name]


def decoded(value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:MAX_HEADER]
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        pieces = [(raw, None)]
    whole = "".join(_piece(text, charset) for text, charset in pieces)
    visible = "".join(c if c.isprintable() else " " for c in whole)
    return " ".join(visible.split())


def mailboxes(message: Message, *headers: str) -> tuple[Mailbox, ...]:
    """Return the addresses of these headers that one can write to, each once."""
    values = [_shortened(value) for name in headers for value in values_of(message, name)]
    found: dict[str, Mailbox] = {}
    for name, address in getaddresses(values)[:MAX_ADDRESSES]:
        plain = address.strip().lower()
        if is_address(plain):
            found.setdefault(plain, Mailbox(plain, decoded(name)))
    return tuple(found.values())


def ids_of(message: Message, *headers: str) -> tuple[str, ...]:
    """Return the Message-IDs of these headers: an answer's own parent first, then the newest."""
    found: dict[str, None] = {}
    for name in headers:
        for value in values_of(message, name):
            found.update(dict.fromkeys(reversed(_ID.findall(value[:MAX_VALUE]))))
    return tuple(found)[:MAX_PARENTS]


def words_of(message: Message, header: str) -> Iterable[str]:
    """Return the values of every header of this name, in lower case."""
    return [value.strip().lower() for value in values_of(message, header)]


def _piece(text: bytes | str, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode(charset or "utf-8", "replace")
    except LookupError:
        return text.decode("utf-8", "replace")


def _shortened(value: str) -> str:
    text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split())[:MAX_VALUE]
