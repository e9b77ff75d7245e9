"""Several things changed at once, on one case or on many: each by its own verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from prunella.cases import store
from prunella.cases.case import Case
from prunella.cases.changing import RootCauseNeededError
from prunella.cases.filters import ME, NOBODY
from prunella.cases.record import CaseClosedError, Kind, Level, Severity, Status
from prunella.cases.tags import BadTagError
from prunella.cases.working import SnoozedPastError
from prunella.kit.house import Tx
from prunella.people import Team, UnknownColleagueError

MAX_CASES = 100
AWAKE: Literal["awake"] = "awake"
_REFUSALS = (
    CaseClosedError,
    RootCauseNeededError,
    UnknownColleagueError,
    BadTagError,
    SnoozedPastError,
)


class TooManyCasesError(ValueError):
    """These are more than 100 cases. Change them in several steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a case; what is None or empty stays.

    `assignee` is a colleague's id, `me`, or `none`; `snooze` a time, or `awake`.
    """

    status: Status | None = None
    severity: Severity | None = None
    kind: Kind | None = None
    level: Level | None = None
    team: Team | None = None
    assignee: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    snooze: datetime | Literal["awake"] | None = None
    spam: bool | None = None
    root_cause: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Which cases are changed now, and why others are not; who is in neither does not exist."""

    done: tuple[str, ...]
    refused: dict[str, Exception] = field(default_factory=dict)


async def change(tx: Tx, case: Case, what: Change) -> Case:
    """Change the case; raises what the verb that cannot be done raises. Settling comes last."""
    if what.level and what.level != case.level:
        case = await case.escalate(tx, to=what.level, because="asked")
    if what.team:
        case = await case.give_to_team(tx, what.team)
    if what.assignee:
        case = await case.assign(tx, to=_whom(tx, what.assignee))
    if what.add_tags or what.remove_tags:
        case = await case.tag(tx, add=what.add_tags, remove=what.remove_tags)
    if what.snooze:
        case = await case.snooze(tx, None if what.snooze == AWAKE else what.snooze)
    if what.spam is not None:
        case = await (case.mark_spam(tx) if what.spam else case.not_spam(tx))
    return await case.set(
        tx,
        status=what.status,
        severity=what.severity,
        kind=what.kind,
        root_cause=what.root_cause,
    )


async def change_many(tx: Tx, cases: Sequence[str], what: Change) -> Changed:
    """Change each case, or leave it whole where something of it cannot be done.

    All are held first, in the order that everybody holds them. Raises TooManyCasesError.
    """
    wanted = list(dict.fromkeys(cases))
    if len(wanted) > MAX_CASES:
        raise TooManyCasesError
    held = await store.lock_cases(tx, wanted)
    done: list[str] = []
    refused: dict[str, Exception] = {}
    for name in wanted:
        if name not in held:
            continue
        try:
            async with tx.conn.transaction():
                await change(tx, Case.of(held[name]), what)
        except _REFUSALS as error:
            refused[name] = error
        else:
            done.append(name)
    return Changed(tuple(done), refused)


def _whom(tx: Tx, assignee: str) -> str | None:
    if assignee == NOBODY:
        return None
    return tx.actor.id if assignee == ME else assignee
