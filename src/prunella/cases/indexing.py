"""Keeping what a search finds a case by, in the transaction that changes the case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prunella.cases import store
from prunella.cases import store_words as words
from prunella.cases.words import words_of
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.people import Customer, of_stripe

MAX_RENAMED = 500
AT_ONCE = 50


async def know_case(tx: Tx, case: str) -> bool:
    """Make a case one that is found, or found anew: its head changed.

    The head is the number, the subject, what it is about, its tags, and the customer's name, mail
    and ids. All that was said on the case is found together with it. Returns whether that is new.
    """
    row = await words.head(tx, case)
    return row is not None and await words.put_head(
        tx, case, number=row["number"], words=_head(row)
    )


def head_of_new(words: Mapping[str, Any], customer: Customer) -> list[str]:
    """Return what a case is found by that is being opened; its number goes in with it."""
    texts = (words["subject"], words["about"], customer.name, customer.email)
    return _words((*texts, customer.id, customer.stripe_customer, *words["tags"]))


async def know_message(tx: Tx, case: str, text: str) -> None:
    """Find the case by what was said, too."""
    await words.add_said(tx, case, words_of(text))


async def know_said(tx: Tx, case: str) -> None:
    """Find the case by what was said on it and on those merged into it, and by nothing else.

    The case is held already.
    """
    await words.put_parts(tx, case, _parts(await words.said(tx, case)))


async def on_customer_changed(tx: Tx, event: Event) -> None:
    """A customer may be called otherwise now: their cases are found by the new name."""
    customer = await of_stripe(tx, event.data["customer"] or "")
    if customer:
        await know_customer(tx, customer.id)


async def on_profile_changed(tx: Tx, event: Event) -> None:
    """The same for an account that Stripe knows nothing of."""
    await know_customer(tx, event.subject)


async def know_customer(tx: Tx, customer: str) -> None:
    """Most changes at Stripe are of no name: where the oldest head is as it was, all are."""
    for case in reversed(await words.cases_of(tx, customer, MAX_RENAMED)):
        if not await know_case(tx, case):
            return


async def read_anew(house: House, *, most: int = AT_ONCE) -> int:
    """Take the words anew of cases that an earlier version took them of; returns of how many.

    Each batch is a transaction of its own: nobody waits long, and a worker that dies goes on where
    it was. A step of the worker.
    """
    read = 0
    while names := await _read_some(house, most):
        read += len(names)
    return read


async def _read_some(house: House, most: int) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        names = await words.to_read(tx, most)
        if names:
            await store.lock_cases(tx, names)
        for case in names:
            await know_case(tx, case)
            await know_said(tx, case)
        await words.done_reading(tx, names)
        return names


def _parts(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of all texts, each once, in as few parts as may be."""
    every = list(dict.fromkeys(word for text in texts for word in words_of(text)))
    size = words.MAX_PART
    return [every[at : at + size] for at in range(0, len(every), size)]


def _head(row: words.Row) -> list[str]:
    names = ("number", "subject", "about", "name", "email", "customer", "stripe_customer")
    return _words((*(row[name] for name in names), *row["tags"]))


def _words(texts: Iterable[Any]) -> list[str]:
    return words_of(" ".join(str(text) for text in texts if text))
