"""A signed head of the tree (C2SP tlog-checkpoint): how large the log was, and its root. Pure."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from prunella.audit.merkle import HASH_BYTES
from prunella.audit.note import BadNoteError, SigningKey, VerifyingKey, read

_BODY = re.compile(
    r"(?P<origin>[!-~]{1,200})\n(?P<size>[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"time (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\n"
)
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_NOTES = re.compile(r"(?P<note>[^\n]+\n[^\n]+\n[^\n]+\n(?:[^\n]+\n)*\n(?:\u2014 [^\n]+\n)+)\n*")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`origin` names the log; `note` is the signed text that says the rest."""

    origin: str
    size: int
    root: bytes
    at: datetime
    note: str


def sign(key: SigningKey, *, origin: str, size: int, root: bytes, at: datetime) -> Checkpoint:
    body = _body(origin, size, root, at)
    return Checkpoint(origin, size, root, at, key.sign(body))


def parse(note: str, keys: Iterable[VerifyingKey]) -> Checkpoint:
    """Read a checkpoint that one of these keys signed; raises `BadNoteError` on any other text."""
    body = read(note, keys)
    found = _BODY.fullmatch(body)
    if found is None:
        raise BadNoteError
    origin, size, root = found["origin"], int(found["size"]), base64.b64decode(found["root"])
    at = datetime.strptime(found["at"], _TIME).replace(tzinfo=UTC)
    if len(root) != HASH_BYTES or _body(origin, size, root, at) != body:
        raise BadNoteError
    return Checkpoint(origin, size, root, at, note)


def notes_in(text: str) -> Iterator[str]:
    """Cut a file into the notes that were written one after the other.

    Empty lines between and around them are an editor's. A file without a note vouches for nothing.
    """
    at, text = 0, text.strip("\n") + "\n"
    while at < len(text):
        found = _NOTES.match(text, at)
        if found is None:
            raise BadNoteError
        yield found["note"]
        at = found.end()


def _body(origin: str, size: int, root: bytes, at: datetime) -> str:
    when = at.astimezone(UTC).strftime(_TIME)
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\ntime {when}\n"
