"""Everything that happened with one customer, under all names of their account; newest first."""

from dataclasses import dataclass
from datetime import datetime

from prunella.cases import store_of_customer as store
from prunella.cases.case import Case
from prunella.cases.contact import Contact
from prunella.cases.message import Message
from prunella.kit.house import Tx
from prunella.people import names_of_account

MAX_LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLetter:
    """A mail of ours: to whom, how far it is, and since when."""

    id: str
    subject: str
    created_at: datetime
    recipient: str
    state: str
    at: datetime
    error: str


async def cases_of(tx: Tx, customer: str, limit: int = 20) -> list[Case]:
    names = await names_of_account(tx, customer)
    return [Case.of(row) for row in await store.cases(tx, names, min(limit, MAX_LISTED))]


async def contacts_of(tx: Tx, customer: str, limit: int = 20) -> list[Contact]:
    names = await names_of_account(tx, customer)
    rows = await store.contacts(tx, names, min(limit, MAX_LISTED))
    return [Contact(**row | {"tiers": tuple(row["tiers"])}) for row in rows]


async def get_message(tx: Tx, message: str) -> Message | None:
    row = await store.message(tx, message)
    return Message.of(row) if row else None


async def letters_of(tx: Tx, customer: str, limit: int = 20) -> list[SentLetter]:
    names = await names_of_account(tx, customer)
    return [SentLetter(**row) for row in await store.letters(tx, names, min(limit, MAX_LISTED))]
