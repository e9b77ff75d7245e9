"""Adding an entry, and reading them back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from prunella.audit import store
from prunella.audit.entry import Entry, Values, check_values, check_words
from prunella.kit.house import Tx

MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are asked for; what is None does not matter."""

    customer: str | None = None
    verb: str | None = None
    subject: str | None = None
    actor: str | None = None


ALL = Filter()


@dataclass(frozen=True, slots=True)
class Note:
    """What an entry says; actor and time are those of the transaction that it is recorded in."""

    verb: str
    subject: str
    customer: str | None = None
    because: str = ""
    before: Values | None = None
    after: Values | None = None


async def record(
    tx: Tx,
    verb: str,
    subject: str,
    *,
    customer: str | None = None,
    because: str = "",
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """Add an entry in this transaction.

    Actor and time are the transaction's. Raises `UnfitForAuditError` on anything that is not an
    id, an enum or a figure.
    """
    await record_all(tx, [Note(verb, subject, customer, because, before, after)])


async def record_all(tx: Tx, notes: Sequence[Note]) -> None:
    """Add several entries at once, in this order. Raises `UnfitForAuditError`."""
    for one in notes:
        check_words(verb=one.verb, subject=one.subject, customer=one.customer, because=one.because)
        check_values(one.before)
        check_values(one.after)
    await store.add(tx, [_row(one) for one in notes])


def _row(note: Note) -> dict[str, Any]:
    return {
        "verb": note.verb,
        "subject": note.subject,
        "customer": note.customer,
        "because": note.because,
        "before": None if note.before is None else dict(note.before),
        "after": None if note.after is None else dict(note.after),
    }


async def record_change(tx: Tx, verb: str, subject: str, values: Values) -> bool:
    """Add an entry only if these are not what the log has as the last ones of this subject."""
    await store.take_turn(tx, subject)
    last = await store.last_of(tx, verb, subject)
    if last is not None and last.after == dict(values):
        return False
    await record(tx, verb, subject, before=last.after if last else None, after=values)
    return True


async def entries(tx: Tx, after: int = 0, limit: int = 100, which: Filter = ALL) -> list[Entry]:
    """Return the entries that follow `after`, oldest first, at most `MAX_PAGE`."""
    return await store.following(tx, after, min(limit, MAX_PAGE), asdict(which))


async def newest(
    tx: Tx, before: int | None = None, limit: int = 100, which: Filter = ALL
) -> list[Entry]:
    """Return the entries before that place in the log, newest first."""
    return await store.preceding(tx, before, min(limit, MAX_PAGE), asdict(which))


async def entry(tx: Tx, seq: int) -> Entry | None:
    return await store.one(tx, seq)


async def of_subject(tx: Tx, subject: str, limit: int = 100) -> list[Entry]:
    """Return the first entries about one object, oldest first."""
    return await store.about(tx, subject, min(limit, MAX_PAGE))
