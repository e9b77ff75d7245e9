"""Adding an entry, and reading them back."""

from dataclasses import asdict, dataclass

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
    check_words(verb=verb, subject=subject, customer=customer, because=because)
    check_values(before)
    check_values(after)
    words = {"verb": verb, "subject": subject, "customer": customer, "because": because}
    await store.add(tx, words=words, before=before, after=after)


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
