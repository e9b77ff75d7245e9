"""`verify` with everything that belongs to it: the database or an export, heads, and keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow

from prunella.audit import checkpoint, export, store_reading
from prunella.audit.checkpoint import Checkpoint
from prunella.audit.note import BadKeyError, BadNoteError, UnknownKeyError, VerifyingKey
from prunella.audit.verify import Verdict, verify

CHANGED_KEY = "A public key of the audit log in the database was changed."
CHANGED_NOTE = "The checkpoint of {size} entries in the database was changed."
UNKNOWN_KEY = (
    "An unknown key signed the checkpoint of {size} entries. Is it yours? Then name it with --key."
)
CHANGED_FILE = "The checkpoint in {path} was changed, or an unknown key signed it."
OTHER_LOG = "The checkpoint in {path} is of another log: {theirs}, and this one is {ours}."


@dataclass(frozen=True, slots=True)
class Report:
    """`proven` is False where only the log's own word was there for its key."""

    verdict: Verdict
    problems: tuple[str, ...]
    newest: Checkpoint | None
    proven: bool

    @property
    def holds(self) -> bool:
        return not self.problems and self.verdict.wrong is None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A file that was kept elsewhere: checkpoints one after the other, or an export.

    Checkpoints may stand in it as they were signed or as the API answered.
    """

    path: Path

    def notes(self) -> list[str]:
        if export.is_export(self.path):
            return [export.vouched(self.path).note]
        if answered := export.answers(self.path):
            return answered
        return list(checkpoint.notes_in(self.path.read_text(encoding="utf-8")))

    def read(self, keys: Sequence[VerifyingKey]) -> tuple[list[Checkpoint], list[str]]:
        try:
            return [checkpoint.parse(note, keys) for note in self.notes()], []
        except (BadNoteError, UnicodeDecodeError):
            return [], [CHANGED_FILE.format(path=self.path)]


def check_database(
    url: str, *, trusted: Sequence[VerifyingKey], elsewhere: Path | None = None
) -> Report:
    """Compare the log in the database with its tree, its checkpoints and the file."""
    with store_reading.snapshot(url) as conn:
        return check_snapshot(conn, trusted=trusted, elsewhere=elsewhere)


def check_snapshot(
    conn: Connection[TupleRow], *, trusted: Sequence[VerifyingKey], elsewhere: Path | None = None
) -> Report:
    known, problems = _parse_keys(store_reading.keys(conn))
    keys = list(trusted) or known
    mine, wrong = _heads(store_reading.checkpoints(conn), keys)
    theirs: list[Checkpoint] = []
    if elsewhere:
        theirs, unread = Elsewhere(elsewhere).read(keys)
        wrong += [*unread, *_others(elsewhere, theirs, mine)]
    verdict = verify(
        store_reading.entries(conn),
        store_reading.leaves(conn),
        sorted([*mine, *theirs], key=lambda one: one.size),
        store_reading.upper(conn),
    )
    if elsewhere and verdict.wrong and export.is_export(elsewhere):
        by_line = verify(store_reading.entries(conn), export.entries(elsewhere), theirs)
        verdict = by_line if by_line.wrong else verdict
    newest = mine[-1] if mine else None
    return Report(verdict, (*problems, *wrong), newest, proven=bool(trusted))


def check_export(
    path: Path, *, trusted: Sequence[VerifyingKey], elsewhere: Path | None = None
) -> Report:
    """Compare an export with the checkpoint in its last line, and with the file."""
    vouched = export.vouched(path)
    known, problems = _parse_keys(vouched.vkeys)
    keys = list(trusted) or known
    heads, wrong = Elsewhere(path).read(keys)
    newest = heads[-1] if heads else None
    if elsewhere:
        theirs, unread = Elsewhere(elsewhere).read(keys)
        wrong += [*unread, *_others(elsewhere, theirs, heads)]
        heads = sorted([*heads, *theirs], key=lambda one: one.size)
    verdict = verify(export.entries(path), export.entries(path), heads)
    return Report(verdict, (*problems, *wrong), newest, proven=bool(trusted))


def _parse_keys(texts: Iterable[str]) -> tuple[list[VerifyingKey], list[str]]:
    keys, problems = [], []
    for text in texts:
        try:
            keys.append(VerifyingKey.parse(text))
        except BadKeyError:
            problems.append(CHANGED_KEY)
    return keys, problems


def _heads(
    notes: Iterable[tuple[int, str]], keys: Sequence[VerifyingKey]
) -> tuple[list[Checkpoint], list[str]]:
    heads: list[Checkpoint] = []
    problems = []
    for size, note in notes:
        try:
            head = checkpoint.parse(note, keys)
        except UnknownKeyError:
            problems.append(UNKNOWN_KEY.format(size=size))
            continue
        except BadNoteError:
            problems.append(CHANGED_NOTE.format(size=size))
            continue
        if head.size != size or head.origin != (heads[0] if heads else head).origin:
            problems.append(CHANGED_NOTE.format(size=size))
        else:
            heads.append(head)
    return heads, problems


def _others(path: Path, theirs: Iterable[Checkpoint], mine: Sequence[Checkpoint]) -> list[str]:
    ours = mine[0].origin if mine else None
    return [
        OTHER_LOG.format(path=path, theirs=one.origin, ours=ours)
        for one in theirs
        if ours is not None and one.origin != ours
    ]
