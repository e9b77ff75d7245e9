"""Who works on a case, how pressing it is, what it is filed under, and when it comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self, get_args

from prunella import people
from prunella.cases.changing import WAKE, locked, put
from prunella.cases.priority import priority_of, risk_of
from prunella.cases.record import Kind, Level, R, Record, Severity, Status
from prunella.cases.tags import changed_tags
from prunella.kit.house import Tx
from prunella.kit.timers import Timer
from prunella.people import OnlyLooksError, Team, UnknownColleagueError
from prunella.people.teams import checked_teams

LEVELS: tuple[Level, ...] = get_args(Level)


class SnoozedPastError(ValueError):
    """This time is past. Choose one that is still to come, at most a year away."""


MAX_SNOOZE_DAYS = 366


class Working(Record):
    """The verbs of work."""

    __slots__ = ()

    async def set(
        self,
        tx: Tx,
        *,
        status: Status | None = None,
        severity: Severity | None = None,
        kind: Kind | None = None,
        root_cause: str = "",
    ) -> Self:
        """Change status, severity or kind; the audit log keeps both sides.

        Raises RootCauseNeededError where a person solves the same thing for the third time.
        """
        case = await locked(tx, self)
        changes = {"status": status, "severity": severity, "kind": kind, "root_cause": root_cause}
        given: dict[str, Any] = {name: value for name, value in changes.items() if value}
        if severity:
            given["priority"] = await _priority(tx, case, severity)
        return await put(tx, case, because="set", **given)

    async def assign(self, tx: Tx, *, to: str | None, because: str = "assigned") -> Self:
        """Give it to a colleague (their id), or back to the team's queue with None.

        Raises UnknownColleagueError, and OnlyLooksError of them.
        """
        case = await locked(tx, self)
        if to is None:
            return await put(tx, case, verb="case.assigned", because=because, assignee=None)
        colleague = await people.colleague(tx, to)
        if colleague is None or not colleague.active:
            raise UnknownColleagueError(to)
        if not colleague.works:
            raise OnlyLooksError(to)
        status = "open" if case.status == "new" else case.status
        return await put(
            tx, case, verb="case.assigned", because=because, assignee=to, status=status
        )

    async def give_to_team(self, tx: Tx, team: Team, *, because: str = "given") -> Self:
        """Put it into a team's queue; whoever has it keeps it if they are in that team."""
        case = await locked(tx, self)
        checked_teams([team])
        assignee = await _still(tx, case, team)
        return await put(
            tx, case, verb="case.given_to_team", because=because, team=team, assignee=assignee
        )

    async def escalate(self, tx: Tx, *, to: Level, because: str) -> Self:
        """Move it along the ladder, to the team of that level. `because` is a code, no sentence."""
        case = await locked(tx, self)
        assignee = await _still(tx, case, to)
        return await put(
            tx, case, verb="case.escalated", because=because, level=to, team=to, assignee=assignee
        )

    async def tag(self, tx: Tx, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Self:
        """Raises BadTagError."""
        case = await locked(tx, self)
        tags = changed_tags(case.tags, add=add, remove=remove)
        return await put(tx, case, verb="case.tagged", because="tagged", tags=tags)

    async def snooze(self, tx: Tx, until: datetime | None) -> Self:
        """Put it aside until then, or take it back with None. The customer's word wakes it, too.

        Raises SnoozedPastError. Its clocks go on: nothing that was promised moves.
        """
        case = await locked(tx, self)
        if until is None:
            await tx.disarm(WAKE, case.id)
            return await put(tx, case, verb="case.woken", because="asked", snoozed_until=None)
        if not 0 <= (until - tx.now).days < MAX_SNOOZE_DAYS or until <= tx.now:
            raise SnoozedPastError
        await tx.arm(Timer(WAKE, case.id, until))
        return await put(tx, case, verb="case.snoozed", because="asked", snoozed_until=until)

    async def mark_spam(self, tx: Tx, *, because: str = "asked") -> Self:
        """Put it into the spam folder: nobody owes an answer, and nothing is sent."""
        case = await locked(tx, self)
        return await put(tx, case, verb="case.spam_marked", because=because, spam=True)

    async def not_spam(self, tx: Tx) -> Self:
        case = await locked(tx, self)
        return await put(tx, case, verb="case.spam_cleared", because="asked", spam=False)


async def _priority(tx: Tx, case: Record, severity: Severity) -> int:
    customer = await people.find_customer(tx, case.customer)
    plan = customer.plan if customer else None
    return priority_of(severity, plan, risk_of(case.context, case.because))


async def _still(tx: Tx, case: R, team: Team) -> str | None:
    """Return who has it, if they belong to the team that gets it."""
    colleague = await people.colleague(tx, case.assignee) if case.assignee else None
    return case.assignee if colleague and team in colleague.teams else None
