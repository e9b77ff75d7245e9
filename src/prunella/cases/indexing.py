"""Keeping what a search finds a case by, in the transaction that changes the case."""

from collections.abc import Sequence

from prunella.cases import store_words as store
from prunella.cases.words import words_of
from prunella.kit.house import Tx


async def know_case(tx: Tx, case: str) -> None:
    """Make a case one that is found, or found anew: its head changed.

    The head is the number, the subject, what it is about, its tags, and the customer's name and
    mail. Everything said on the case is found together with it.
    """
    row = await store.head(tx, case)
    if row is not None:
        await store.put_head(tx, case, number=row["number"], words=_head(row))


async def know_message(tx: Tx, case: str, message: str, text: str) -> None:
    """Find the case by what was said."""
    await store.add_message(tx, case, message, words_of(text))


async def move_words(tx: Tx, messages: Sequence[str], *, of: str, to: str) -> None:
    """Find another case by these messages from now on."""
    await store.move(tx, list(messages), of=of, to=to)


async def know_customer(tx: Tx, customer: str, *, limit: int = 500) -> None:
    """The customer is called otherwise now: their newest cases are found by the new name."""
    for case in await store.cases_of(tx, customer, limit):
        await know_case(tx, case)


def _head(row: store.Row) -> list[str]:
    texts = (row["number"], row["subject"], row["about"], row["name"], row["email"] or "")
    return words_of(" ".join(map(str, (*texts, *row["tags"]))))
