"""Adding an entry, and reading them back."""

from prunella.audit import store
from prunella.audit.entry import Entry, Values, check_values, check_words
from prunella.kit.house import Tx

MAX_PAGE = 500


async def record(
    tx: Tx,
    verb: str,
    subject: str,
    *,
    customer: str | None = None,
    because: str = "",
    before: Values | None = None,
    after: Values | None = None,
) -> int:
    """Add an entry in this transaction; returns its place in the log.

    Actor and time are the transaction's. Raises `UnfitForAuditError` on anything that is not an
    id, an enum or a figure.
    """
    check_words(verb=verb, subject=subject, customer=customer, because=because)
    check_values(before)
    check_values(after)
    words = {"verb": verb, "subject": subject, "customer": customer, "because": because}
    return await store.add(tx, words=words, before=before, after=after)


async def entries(tx: Tx, after: int = 0, limit: int = 100) -> list[Entry]:
    """Return the entries that follow `after`, oldest first, at most `MAX_PAGE`."""
    return await store.following(tx, after, min(limit, MAX_PAGE))


async def of_subject(tx: Tx, subject: str, limit: int = 100) -> list[Entry]:
    """Return the first entries about one object, oldest first."""
    return await store.about(tx, subject, min(limit, MAX_PAGE))
