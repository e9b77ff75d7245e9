"""Keeping what a search finds a case by, in the transaction that changes the case."""

from collections.abc import Sequence

from prunella.cases import store_words as store
from prunella.cases.record import Record
from prunella.cases.words import words_of
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer, of_stripe

MAX_RENAMED = 500


async def know_case(tx: Tx, case: str) -> bool:
    """Make a case one that is found, or found anew: its head changed.

    The head is the number, the subject, what it is about, its tags, and the customer's name and
    mail. Everything said on the case is found together with it. Returns whether that is new.
    """
    row = await store.head(tx, case)
    return row is not None and await store.put_head(
        tx, case, number=row["number"], words=_head(row)
    )


async def know_new_case(tx: Tx, case: Record, customer: Customer) -> None:
    """Make a case that was opened just now one that is found; its customer is known already."""
    known = {"name": customer.name, "email": customer.email}
    facts = {name: getattr(case, name) for name in ("number", "subject", "about", "tags")}
    await store.add_head(tx, case.id, number=case.number, words=_head(facts | known))


async def know_message(tx: Tx, case: str, message: str, text: str) -> None:
    """Find the case by what was said."""
    await store.add_message(tx, case, message, words_of(text))


async def move_words(tx: Tx, messages: Sequence[str], *, of: str, to: str) -> None:
    """Find another case by these messages from now on."""
    await store.move(tx, list(messages), of=of, to=to)


async def on_customer_changed(tx: Tx, event: Event) -> None:
    """A customer may be called otherwise now: their cases are found by the new name."""
    customer = await of_stripe(tx, event.data["customer"] or "")
    if customer:
        await know_customer(tx, customer.id)


async def know_customer(tx: Tx, customer: str) -> None:
    """Most changes at Stripe are of no name: where the oldest head is as it was, all are."""
    for case in reversed(await store.cases_of(tx, customer, MAX_RENAMED)):
        if not await know_case(tx, case):
            return


def _head(row: store.Row) -> list[str]:
    texts = (row["number"], row["subject"], row["about"], row["name"], row["email"] or "")
    return words_of(" ".join(map(str, (*texts, *row["tags"]))))
