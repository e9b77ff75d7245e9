"""Mail on its way out: stored with the change that causes it, sent at least once, by one id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from prunella.cases import store_outbox as store
from prunella.cases.attachments import files_of
from prunella.cases.composing import checked, composed
from prunella.cases.contact import Contact
from prunella.cases.frequency import count_letter, must_fit
from prunella.cases.letters import Letter
from prunella.cases.mail import threads
from prunella.cases.message import Message, one_line, unsaid
from prunella.cases.sending import MAX_WORDS, State, told
from prunella.connectors.mail import (
    Mail,
    MailPermanentError,
    MailTransientError,
    domain_of,
    is_address,
)
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House, Tx

log = structlog.get_logger()

LEASE = timedelta(seconds=75)
"""Longer than a mail server may take; what a crash leaves behind is sent after it."""
EXPLAINED_AT_ONCE = 200
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 3600
MAX_ATTEMPTS = 130
MAX_CC = 20
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
REPLIED = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
"""On what a machine of ours answers, so that no machine answers it."""

NO_SERVER = "No mail server is set. Set PRUNELLA_MAIL_SMTP_URL, and this goes out by itself."
NO_ADDRESS = "This is no address that mail can go to. Correct it at Stripe or in the profile."


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends what was written. Without `mail` everything stays waiting, and says so."""

    house: House
    mail: Mail | None
    sender: str

    async def step(self) -> int:
        """Send one mail that is due; returns 0 when none is. A step of the worker's pump."""
        if self.mail is None:
            return await self._explain()
        async with self.house.transaction(SYSTEM) as tx:
            row = await self._take(tx)
            files = await files_of(tx, row["message"]) if row else []
        if row is None:
            return 0
        try:
            await self.mail.send(composed(row, sender=self.sender, files=files))
        except MailPermanentError as error:
            await self._settle(row, "failed", error=str(error))
        except MailTransientError as error:
            await self._postpone(row, str(error))
        except Exception as error:
            log.exception("mail could not be sent", mail=row["message"])
            await self._postpone(row, repr(error)[:MAX_WORDS])
        else:
            await self._settle(row, "sent", error="")
        return 1

    async def _take(self, tx: Tx) -> store.Row | None:
        """Take what was due first. Its id is given at the first try, whatever is set later."""
        now = system_now()
        row = await store.take(tx, now=now, until=now + LEASE)
        if row is None or row["message_id"]:
            return row
        message = row["message"]
        name = await threads.message_id(tx, message, domain=domain_of(self.sender))
        await store.name(tx, message, name)
        return row | {"message_id": name}

    async def _explain(self) -> int:
        async with self.house.transaction(SYSTEM) as tx:
            return await store.explain(tx, NO_SERVER, now=system_now(), most=EXPLAINED_AT_ONCE)

    async def _postpone(self, row: store.Row, words: str) -> None:
        async with self.house.transaction(SYSTEM) as tx:
            await _wait(tx, row, words)

    async def _settle(self, row: store.Row, state: State, *, error: str) -> None:
        async with self.house.transaction(SYSTEM) as tx:
            await _settle(tx, row, state, error=error)


async def _wait(tx: Tx, row: store.Row, words: str) -> None:
    """Try again later, longer each time; after so many times it has failed."""
    if row["attempts"] >= MAX_ATTEMPTS:
        await _settle(tx, row, "failed", error=words)
        return
    wait_s = min(FIRST_WAIT_S * 2 ** min(row["attempts"], 10), LONGEST_WAIT_S)
    await store.wait(tx, row, words, system_now() + timedelta(seconds=wait_s))


async def _settle(tx: Tx, row: store.Row, state: State, *, error: str) -> None:
    if await store.settle(tx, row, state, error):
        await tx.emit(told(state, row["message"], row["customer"], row["contact"]))


async def write_mail(
    tx: Tx,
    contact: Contact,
    *,
    to: str,
    letter: Letter,
    case: str | None = None,
    automatic: bool = True,
    counted: bool = True,
    headers: Mapping[str, str] | None = None,
    parents: Sequence[str] = (),
) -> Message:
    """Store a mail that is to go out, in this transaction.

    What cannot be written to is kept as failed, for people to see, and emits `mail.failed`.
    `automatic` mail tells other machines not to answer it, and counts towards the cap: beyond it
    this raises `TooManyLettersError`. What answers the customer's own mail is not `counted`.
    """
    message = unsaid(
        tx,
        customer=contact.customer,
        direction="out",
        text=letter.text,
        html=letter.html,
        subject=letter.subject,
        contact=contact.id,
        case_id=case,
    )
    counts = automatic and counted
    if counts:
        await must_fit(tx, contact.customer)
    extra = {**(AUTOMATIC if automatic else {}), **checked(headers or {})}
    await store.add_written(tx, message, _on_its_way(to, parents=parents) | {"headers": extra})
    if counts:
        await count_letter(tx, message.id, contact.customer)
    await _tell_bad(tx, message, to)
    return message


async def send_message(
    tx: Tx,
    message: Message,
    *,
    to: str,
    cc: Sequence[str] = (),
    letter: Letter,
    sender: str = "",
    parents: Sequence[str] = (),
) -> None:
    """Send a message that is stored already, in the words of a letter around it.

    Its attachments go with it. `sender` instead of the usual one; `parents` are the Message-IDs
    that it refers to, the newest last.
    """
    copies = [one for one in dict.fromkeys(cc) if is_address(one) and one.lower() != to.lower()]
    in_other_words = {
        "cc": copies[:MAX_CC],
        "headers": {},
        "sender": sender,
        "subject": one_line(letter.subject),
        "text": letter.text,
        "html": letter.html,
    }
    await store.add(tx, message.id, _on_its_way(to, parents=parents) | in_other_words)
    await _tell_bad(tx, message, to)


def _on_its_way(to: str, *, parents: Sequence[str]) -> dict[str, Any]:
    good = is_address(to)
    return {
        "recipient": to,
        "parents": list(parents),
        "state": "waiting" if good else "failed",
        "error": "" if good else NO_ADDRESS,
        "next_at": system_now(),
    }


async def _tell_bad(tx: Tx, message: Message, to: str) -> None:
    if not is_address(to):
        await tx.emit(told("failed", message.id, message.customer, message.contact))
