"""Which thread a mail belongs to. Only our own Message-ID leads there, and only for its people.

Our Message-ID reads `<msg_….HMAC@domain>`: nobody can make one up, and one that was seen in a
subject or guessed from another leads nowhere.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prunella.cases.mail import store_threads as store
from prunella.kit.house import Tx

SECRET_BYTES = 32
MAC_BYTES = 15
MAX_PEOPLE = 50
MAX_REFERENCES = 20
_OURS = re.compile(r"<(msg_[0-9a-z]{10,40})\.([a-z2-7]{24})@[^<>@\s]{1,200}>")


@dataclass(frozen=True, slots=True)
class Thread:
    """What a mail answers: a message of ours. `knows`: its sender belongs there."""

    message: str
    customer: str
    contact: str
    case: str | None
    knows: bool


async def message_id(tx: Tx, message: str, *, domain: str) -> str:
    """Return the Message-ID under which this message goes out."""
    return f"<{message}.{_mac(await _secret(tx), message)}@{domain}>"


async def genuine(tx: Tx, ids: Iterable[str]) -> list[str]:
    """Return the messages that these Message-IDs name, leaving out what is not ours."""
    found = [match for name in ids if (match := _OURS.fullmatch(name))]
    if not found:
        return []
    secret = await _secret(tx)
    return [m[1] for m in found if hmac.compare_digest(_mac(secret, m[1]), m[2])]


async def thread_of(tx: Tx, parents: Sequence[str], *, sender: str) -> Thread | None:
    """Return the thread that a mail answers; None where it answers none of ours."""
    for message in await genuine(tx, parents):
        row = await store.sent_message(tx, message)
        if row is not None:
            known = {row["recipient"].lower(), *(one.lower() for one in row["cc"])}
            if row["case_id"]:
                known |= {email for email, _ in await people_of(tx, row["case_id"])}
            return Thread(
                message=row["id"],
                customer=row["customer"],
                contact=row["contact"],
                case=row["case_id"],
                knows=sender.lower() in known,
            )
    return None


async def join(tx: Tx, case: str, emails: Iterable[str], *, how: str) -> None:
    """Let these addresses answer into the case; `how` is asked, cc or written_to."""
    known = sorted({email.lower() for email in emails})[:MAX_PEOPLE]
    if known:
        await store.join(tx, case, known, how)


async def people_of(tx: Tx, case: str) -> list[tuple[str, str]]:
    """Return who belongs to the thread of a case, each with how they came to it."""
    return [(row["email"], row["how"]) for row in await store.people(tx, case, MAX_PEOPLE)]


async def _secret(tx: Tx) -> bytes:
    return await store.secret(tx, secrets.token_bytes(SECRET_BYTES))


def _mac(secret: bytes, message: str) -> str:
    digest = hmac.new(secret, message.encode(), hashlib.sha256).digest()[:MAC_BYTES]
    return base64.b32encode(digest).decode().lower()
