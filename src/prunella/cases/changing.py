"""Changing what a case is: the row, its audit entry, its event and its timers, together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from psycopg.errors import UniqueViolation

from prunella import audit
from prunella.cases import clocks, store
from prunella.cases import contact as contacts
from prunella.cases.contact import Contact
from prunella.cases.indexing import know_case
from prunella.cases.record import OPEN, SETTLED, CaseClosedError, R, Record
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import names_of_account

CLOSES_AFTER = timedelta(days=7)
CLOSE = "case.close"
WAKE = "case.wake"
THIRD = 3
_MUTABLE = (
    "status",
    "severity",
    "level",
    "kind",
    "assignee",
    "team",
    "tags",
    "priority",
    "snoozed_until",
    "spam",
    "merged_into",
    "root_cause",
    "closings",
    "answered_at",
)


class RootCauseNeededError(Exception):
    """This cause is solved for the third time. Say what is behind it, so that it stays away."""


async def locked(tx: Tx, case: R) -> R:
    """Return the case as it is, held until the transaction ends; where it was merged, what into.

    Raises CaseClosedError.
    """
    found = await held(tx, case)
    if found.status == "closed":
        raise CaseClosedError
    return found


async def held(tx: Tx, case: R) -> R:
    """Return the case as it is, held until the transaction ends, also when it is closed."""
    row = await store.lock_case(tx, case.id)
    return case.of(row) if row else case


async def put(tx: Tx, case: R, *, verb: str = "case.set", because: str, **changes: Any) -> R:
    """Change what differs: nothing is written where nothing does. The case is held already."""
    changes = {name: value for name, value in changes.items() if getattr(case, name) != value}
    if not changes:
        return case
    changes |= await _counted(tx, case, changes)
    changed = case.of(await _write(tx, case, changes))
    if "tags" in changes:
        await know_case(tx, case.id)
    before, after = _told(case, changes), _told(changed, changes)
    await audit.record(
        tx, verb, case.id, customer=case.customer, because=because, before=before, after=after
    )
    told = {"status": changed.status, "by": tx.actor.id} | after
    await tx.emit(Event(verb, case.id, case.customer, told | {"because": because}))
    if changed.status != case.status:
        await _wind_timers(tx, changed)
    return await clocks.follow(tx, changed)


async def open_contacts(tx: Tx, case: Record) -> list[Contact]:
    """Return the open contacts of the case, and of the cases that were merged into it."""
    found = [await contacts.get(tx, one) for one in await store.contacts_of_case(tx, case.id)]
    return [one for one in found if one and one.ended_at is None]


async def _write(tx: Tx, case: Record, changes: dict[str, Any]) -> store.Row:
    """Where the customer has another open case of the same matter by now, both stay open."""
    values = {name: getattr(case, name) for name in _MUTABLE} | changes
    if case.status in OPEN or values["status"] in SETTLED:
        return await store.put_case(tx, case.id, values, apart=False)
    try:
        async with tx.conn.transaction():
            return await store.put_case(tx, case.id, values, apart=False)
    except UniqueViolation:
        return await store.put_case(tx, case.id, values, apart=True)


async def _counted(tx: Tx, case: Record, changes: dict[str, Any]) -> dict[str, Any]:
    """Count a closing. The third for one cause asks whoever works on it what is behind it."""
    closes = changes.get("status") in SETTLED and case.status in OPEN
    if not closes or case.spam or changes.get("merged_into"):
        return {}
    names = await names_of_account(tx, case.customer)
    before = await store.closings_of_cause(tx, names, case.cause)
    known = before["explained"] or changes.get("root_cause", case.root_cause)
    if before["closings"] + 1 >= THIRD and not known:
        if tx.actor.kind == "staff":
            raise RootCauseNeededError
        data = {"closings": before["closings"] + 1}
        await tx.emit(Event("case.root_cause_wanted", case.id, case.customer, data))
    return {"closings": case.closings + 1}


async def _wind_timers(tx: Tx, case: Record) -> None:
    """Solved closes after seven days; and silence about a solution settles the contact."""
    await tx.disarm(CLOSE, case.id)
    if case.status == "solved":
        await close_in_a_week(tx, case)
    if case.status in OPEN:
        return
    await tx.disarm(WAKE, case.id)
    if case.merged_into:
        return
    for contact in await open_contacts(tx, case):
        await (await contact.touch(tx, "human")).answer(tx)


async def close_in_a_week(tx: Tx, case: Record) -> None:
    """Close a solved case seven days after it was solved, at once where they are over."""
    await tx.arm(Timer(CLOSE, case.id, (case.solved_at or tx.now) + CLOSES_AFTER))


def _told(case: Record, changes: dict[str, Any]) -> dict[str, audit.Value]:
    """What the log keeps: no words of anybody's."""
    return {name: _plain(name, getattr(case, name)) for name in changes}


def _plain(name: str, value: Any) -> audit.Value:
    if name == "root_cause":
        return bool(value)
    if isinstance(value, datetime):
        return value.isoformat()
    plain: audit.Value = list(value) if isinstance(value, tuple) else value
    return plain


async def close_solved(tx: Tx, timer: Timer) -> None:
    """Close what was solved a week ago. Handler of the timer `case.close`."""
    row = await store.lock_case(tx, timer.subject)
    case = Record.of(row) if row else None
    if case is None or case.id != timer.subject or case.status != "solved":
        return
    if case.solved_at is None or case.solved_at + CLOSES_AFTER <= tx.now:
        await put(tx, case, because="set", status="closed")


async def wake(tx: Tx, timer: Timer) -> None:
    """A case that was put aside comes back. Handler of the timer `case.wake`."""
    row = await store.lock_case(tx, timer.subject)
    case = Record.of(row) if row else None
    if case and case.snoozed_until and case.snoozed_until <= tx.now:
        await put(tx, case, verb="case.woken", because="due", snoozed_until=None)


async def rouse(tx: Tx, case: R) -> R:
    """Take back that it was put aside."""
    if case.snoozed_until is None:
        return case
    await tx.disarm(WAKE, case.id)
    return await put(tx, case, verb="case.woken", because="customer_wrote", snoozed_until=None)
