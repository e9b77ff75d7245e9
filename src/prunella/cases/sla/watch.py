"""Whether who has a case works on it. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from prunella.cases.sla.clock import Clocks, hours_of
from prunella.cases.sla.rules import Rules

WORKED = ("new", "open")
LEAST = timedelta(minutes=30)
"""Nobody loses a case sooner, however late it is."""


def watch(
    before: Clocks, after: Clocks, rules: Rules, *, assignee: str | None, status: str, now: datetime
) -> Clocks:
    """Return the clocks with who is watched now: who has a case that waits for us.

    The time they had begins anew when they get it, and when its clocks run again.
    """
    if assignee is None or status not in WORKED or after.due_at() is None or not rules.silent_at:
        return replace(after, watched=None, watched_since=None, watched_at=None)
    if after.watched == assignee and before.due_at() is not None:
        return after
    return watch_anew(replace(after, watched=assignee), rules, now)


def watch_anew(clocks: Clocks, rules: Rules, now: datetime) -> Clocks:
    """Give who has it the same share of what is left from now on."""
    due_at = clocks.due_at()
    if due_at is None:
        return replace(clocks, watched_since=None, watched_at=None)
    hours = hours_of(clocks, rules)
    share = hours.between(now, due_at) * rules.silent_at
    return replace(clocks, watched_since=now, watched_at=hours.after(now, max(share, LEAST)))


def lose(clocks: Clocks) -> Clocks:
    """Who is watched was silent: the case is not given to them again by itself."""
    lost = tuple(dict.fromkeys((*clocks.lost_by, clocks.watched or "")))
    return replace(clocks, watched=None, watched_since=None, watched_at=None, lost_by=lost)
