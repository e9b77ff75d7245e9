"""Where our mails are: waiting, sent or failed, and why; a failed one can be sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella import audit
from prunella.cases import store_outbox as store
from prunella.connectors.mail import is_address
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import Tx

State = Literal["waiting", "sent", "failed"]
MAX_LISTED = 200
MAX_MESSAGES = 500
MAX_WORDS = 300


class NotFailedError(ValueError):
    """This mail has not failed: it is on its way, or has arrived."""


class BadRecipientError(ValueError):
    """No mail can go to this address. Correct it at Stripe or in the profile, then write anew."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Where a mail is: waiting, sent or failed, after how many tries, and in words why."""

    message: str
    customer: str
    case: str | None
    recipient: str
    subject: str
    state: State
    attempts: int
    error: str
    state_changed_at: datetime


async def outbox(
    tx: Tx, *, states: Sequence[State] = ("waiting", "sent", "failed")
) -> list[Sending]:
    """Return the mails in these states, those that changed last first."""
    return [Sending(**row) for row in await store.listed(tx, list(states), MAX_LISTED)]


async def sendings_of(tx: Tx, messages: Sequence[str]) -> dict[str, Sending]:
    """Return where those of these messages are that go out by mail."""
    rows = await store.of_messages(tx, messages[:MAX_MESSAGES])
    return {row["message"]: Sending(**row) for row in rows}


async def send_again(tx: Tx, message: str) -> None:
    """Try a failed mail again, under its own Message-ID. Raises NotFailedError, LookupError."""
    known = (await sendings_of(tx, [message])).get(message)
    if known is None:
        raise LookupError(message)
    if not is_address(known.recipient):
        raise BadRecipientError
    if not await store.revive(tx, message, next_at=system_now()):
        raise NotFailedError
    await audit.record(tx, "mail.sent_again", message, customer=known.customer)
    await tx.emit(Event("mail.waiting", message, known.customer))


async def bounced(tx: Tx, message: str, words: str) -> bool:
    """Note that a mail came back. False where that was known."""
    row = await store.bounce(tx, message, words[:MAX_WORDS])
    if row is None:
        return False
    await tx.emit(told("failed", message, row["customer"], row["contact"]))
    return True


def told(state: State, message: str, customer: str, contact: str | None) -> Event:
    return Event(f"mail.{state}", message, customer, {"contact": contact})
