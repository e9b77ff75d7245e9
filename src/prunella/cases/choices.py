"""Which letters a customer wants. Only what is not about their money or service can be ended."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from prunella import audit
from prunella.cases import store_letters as store
from prunella.kit.house import Tx
from prunella.people import names_of_account

SECRET_BYTES = 24
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")


class UnknownChoiceError(Exception):
    """This address is not one of ours. Open the link in the newest mail."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a customer wants the letters of a topic."""

    customer: str
    topic: str
    wanted: bool


async def wants(tx: Tx, customer: str, topic: str) -> bool:
    """What they said under one name of their account holds under each."""
    return not await store.unwanted(tx, await names_of_account(tx, customer), topic)


async def unsubscribe_headers(
    tx: Tx, customer: str, topic: str, *, public_url: str
) -> Mapping[str, str]:
    """Return the headers that let a mail program end these letters with one click (RFC 8058)."""
    address = await unsubscribe_address(tx, customer, topic, public_url=public_url)
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


async def unsubscribe_address(tx: Tx, customer: str, topic: str, *, public_url: str) -> str:
    """Return the address of this choice. It works as long as the mail that it stands in is kept."""
    fresh = secrets.token_urlsafe(SECRET_BYTES)
    return f"{public_url}/unsubscribe/{await store.secret_of(tx, customer, topic, fresh=fresh)}"


async def choice_of(tx: Tx, secret: str) -> Choice:
    """Raises `UnknownChoiceError`."""
    row = await store.by_secret(tx, secret) if _SECRET.fullmatch(secret) else None
    if row is None:
        raise UnknownChoiceError
    customer, topic = row["customer"], row["topic"]
    return Choice(customer, topic, wanted=await wants(tx, customer, topic))


async def choose(tx: Tx, secret: str, *, wanted: bool) -> Choice:
    """Keep the choice; the same one twice changes nothing. Raises `UnknownChoiceError`."""
    choice = await choice_of(tx, secret)
    names = await names_of_account(tx, choice.customer)
    if await store.set_choice(tx, names, choice.topic, None if wanted else tx.now):
        await audit.record(
            tx,
            "letters.chosen",
            choice.customer,
            customer=choice.customer,
            because="asked",
            before={choice.topic: choice.wanted},
            after={choice.topic: wanted},
        )
    return Choice(choice.customer, choice.topic, wanted=wanted)
