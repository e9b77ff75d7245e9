"""The log as a file: an entry a line, and in the last line the checkpoint that vouches for them."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prunella.audit import store_reading
from prunella.audit.leaf import line
from prunella.audit.merkle import leaf_hash
from prunella.audit.note import BadNoteError
from prunella.audit.tiles import Leaf

_ENTRY = re.compile(rb'\{"seq":(\d{1,18}),')
_HEAD = b'{"checkpoint":'
_FIRST = 32
_READER = json.JSONDecoder()


class ExportError(Exception):
    """This file is no export of an audit log."""


class NothingSealedError(Exception):
    """Nothing is sealed yet, so there is nothing to vouch for. Does a worker run?"""


@dataclass(frozen=True, slots=True)
class Vouched:
    """What stands in the last line: the signed head, and the key that it names."""

    note: str
    vkeys: tuple[str, ...]


def newest_note(url: str) -> str:
    """Return the newest checkpoint as it was signed."""
    with store_reading.snapshot(url) as conn:
        heads = store_reading.checkpoints(conn)
    if not heads:
        raise NothingSealedError
    return heads[-1][1]


def export(url: str, path: Path) -> int:
    """Write every sealed entry to a new file; returns how many. Never takes another's place."""
    with store_reading.snapshot(url) as conn:
        heads = store_reading.checkpoints(conn)
        if not heads:
            raise NothingSealedError
        size, note = heads[-1]
        count = 0
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 for its owner alone from the start
            for raw in store_reading.raws(conn):
                if count == size:
                    break
                file.write(line(raw) + b"\n")
                count += 1
            end = {"checkpoint": note, "keys": store_reading.keys(conn)}
            file.write(json.dumps(end, separators=(",", ":")).encode() + b"\n")
    return count


def is_export(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1) == b"{" and not answers(path)


def answers(path: Path) -> list[str]:
    """Return the notes of a file with what the API said of checkpoints, kept as it came."""
    with path.open("rb") as file:
        if file.read(1) != b"{" or _ENTRY.match(b"{" + file.read(_FIRST)):
            return []
    rest, found = path.read_text(encoding="utf-8", errors="replace"), []
    try:
        while rest := rest.lstrip():
            said, end = _READER.raw_decode(rest)
            found.append(str(said["note"]))
            rest = rest[end:]
    except (ValueError, KeyError, TypeError):
        return []
    return found


def entries(path: Path) -> Iterator[Leaf]:
    with path.open("rb") as file:
        for text in file:
            found = _ENTRY.match(text)
            if found is None:
                return
            yield Leaf(int(found[1]), leaf_hash(text.rstrip(b"\n")))


def vouched(path: Path) -> Vouched:
    last = b""
    with path.open("rb") as file:
        for text in file:
            last = text
    if not last.startswith(_HEAD):
        raise ExportError
    try:
        known = json.loads(last)
        return Vouched(str(known["checkpoint"]), tuple(str(one) for one in known["keys"]))
    except (ValueError, KeyError, TypeError):
        raise BadNoteError from None
