"""Mail on its way in: stored whole first, then taken in batches. What is unreadable waits."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import structlog

from prunella import audit
from prunella.cases.mail import store
from prunella.connectors.mail.reading import Incoming, UnreadableMailError, message_id_of, read
from prunella.connectors.mail.reading.outside import body_hash_of
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import House, Tx

log = structlog.get_logger()

Source = Literal["lmtp", "imap"]
BATCH = 20
AT_ONCE = 4
"""Mails that are led to their cases at the same time."""
SMALL = 50_000
"""Bytes that are read sooner than a thread could take them over."""
LEASE = timedelta(seconds=20)
FIRST_WAIT_S = 5
MAX_ATTEMPTS = 5
MAX_RAW_BYTES = 50 * 1024 * 1024
MAX_RECIPIENTS = 50
MAX_ERROR = 300
MAX_LISTED = 200
AS_A_CASE = "as_a_case"
"""What a person asked for: that this mail becomes a case, whoever wrote it."""

SAME_ID = "Another mail came under the same Message-ID. Try it again to make it a case of its own."
TOO_LARGE = "It is larger than 50 MB, and only its head was kept."


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as it came; `asked` is what a person wants of it, or empty."""

    id: str
    message_id: str
    envelope_from: str | None
    envelope_to: tuple[str, ...]
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a mail: `outcome` in one word, and where it is found now."""

    outcome: str
    verified: bool = False
    message: str | None = None
    case: str | None = None
    error: str = ""


Handle = Callable[[Tx, Arrived, Incoming], Awaitable[Settled]]


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A row of what came in, for people to see; `kept`: as it came, byte for byte."""

    id: str
    source: Source
    message_id: str
    envelope_from: str | None
    size: int
    received_at: datetime
    state: str
    outcome: str
    error: str
    attempts: int
    copies: int
    sender: str
    subject: str
    verified: bool
    case_id: str | None
    kept: bool


async def keep(
    tx: Tx,
    raw: bytes,
    *,
    source: Source,
    envelope_from: str | None = None,
    envelope_to: Sequence[str] = (),
    problem: str = "",
) -> str:
    """Store a mail in this transaction; the same mail again only counts. Returns its id.

    `problem` puts it aside at once: it came, and it cannot be taken.
    """
    values = {
        "source": source,
        "message_id": message_id_of(raw),
        "body_hash": body_hash_of(raw),
        "envelope_from": envelope_from,
        "envelope_to": list(envelope_to)[:MAX_RECIPIENTS],
        "raw": raw,
        "size": len(raw),
        "state": "aside" if problem else "waiting",
        "error": problem,
        "taken": SAME_ID,
    }
    return str((await store.add(tx, values))["id"])


async def take_batch(
    house: House, handle: Handle, *, authserv_id: str | None, most: int = BATCH
) -> int:
    """Take what waits, each in a transaction of its own. A step of the worker's pump.

    Several at once, but those of one sender as they came.
    """
    async with house.transaction(SYSTEM) as tx:
        rows = await store.take(tx, most=most, until=system_now() + LEASE)
    letters: dict[str, list[tuple[store.Row, Incoming]]] = {}
    for row in sorted(rows, key=lambda row: (row["received_at"], row["id"])):
        mail = await _read(house, row, authserv_id)
        if mail:
            letters.setdefault(mail.sender.address.lower(), []).append((row, mail))
    room = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as group:
        for theirs in letters.values():
            group.create_task(_take_in_turn(house, handle, theirs, room))
    return len(rows)


async def _read(house: House, row: store.Row, authserv_id: str | None) -> Incoming | None:
    """Return what a mail says; one that cannot be taken is put aside."""
    if row["attempts"] > MAX_ATTEMPTS:  # whoever took it died of it each time
        await _aside(house, row["id"], "Taking it failed again and again.")
        return None
    reading = partial(
        read, bytes(row["raw"]), envelope_from=row["envelope_from"], authserv_id=authserv_id
    )
    try:
        return reading() if len(row["raw"]) < SMALL else await asyncio.to_thread(reading)
    except UnreadableMailError as error:
        await _aside(house, row["id"], str(error))
        return None


async def _take_in_turn(
    house: House,
    handle: Handle,
    letters: Sequence[tuple[store.Row, Incoming]],
    room: asyncio.Semaphore,
) -> None:
    for row, mail in letters:
        async with room:
            await _take(house, handle, row, mail)


async def _take(house: House, handle: Handle, row: store.Row, mail: Incoming) -> None:
    try:
        await _settle(house, handle, row, mail)
    except Exception as error:
        log.exception("mail could not be taken", mail=row["id"])
        await _postpone(house, row, error)


async def _settle(house: House, handle: Handle, row: store.Row, mail: Incoming) -> None:
    async with house.transaction(SYSTEM) as tx, tx.together():
        held = await store.lock_waiting(tx, row["id"])
        if held is None:
            return
        arrived = Arrived(
            row["id"],
            row["message_id"],
            row["envelope_from"],
            tuple(row["envelope_to"]),
            held["outcome"],
        )
        settled = await handle(tx, arrived, mail)
        values = {
            "outcome": settled.outcome,
            "error": settled.error,
            "sender": mail.sender.address,
            "sender_name": mail.sender.name,
            "subject": mail.subject[:MAX_ERROR],
            "cc": [one.address for one in mail.cc],
            "verified": settled.verified,
            "html": mail.html,
            "message": settled.message,
            "case_id": settled.case,
        }
        await store.settle(tx, row["id"], values)


async def _postpone(house: House, row: store.Row, error: Exception) -> None:
    words = f"{type(error).__name__}: {error}"[:MAX_ERROR]
    if row["attempts"] >= MAX_ATTEMPTS:
        await _aside(house, row["id"], words)
        return
    at = system_now() + timedelta(seconds=FIRST_WAIT_S * 2 ** row["attempts"])
    async with house.transaction(SYSTEM) as tx:
        await store.again(tx, row["id"], at, words)


async def _aside(house: House, mail: str, words: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        await store.put_aside(tx, mail, words.replace("\0", "")[:MAX_ERROR])
        await tx.emit(Event("mail.aside", mail))


async def try_again(tx: Tx, mail: str, *, as_case: bool = False) -> bool:
    """Let a mail that is aside be taken again; `as_case` whoever wrote it. False: it is not."""
    if not await store.retry(tx, mail, AS_A_CASE if as_case else ""):
        return False
    await audit.record(tx, "mail.tried_again", mail, after={"as_case": as_case})
    return True


async def came_in(tx: Tx, *, state: str | None = None) -> list[Letterbox]:
    """Return what came in last, first; `state` is waiting, done or aside."""
    return [Letterbox(**row) for row in await store.listed(tx, state, MAX_LISTED)]


async def raw_mail(tx: Tx, mail: str) -> bytes | None:
    """Return a mail as it came, byte for byte; None where it was let go of since."""
    return await store.raw_of(tx, mail)
