"""Clocks that begin long after their case was opened. Pure."""

from dataclasses import replace
from datetime import datetime

from prunella.cases.sla.clock import Clocks, breaches, warnings
from prunella.cases.sla.rules import Rules


def begun_late(
    clocks: Clocks, rules: Rules, *, waits_since: datetime | None, now: datetime
) -> Clocks:
    """Return clocks just begun as they stand now; `waits_since`: the case waits for the customer.

    What was late before anybody watched shows as late, and rings no bell: a whole backlog would
    climb the ladder in one minute.
    """
    still = replace(clocks, paused_at=waits_since)
    warned = tuple(clock for clock, at in warnings(still, rules) if at <= now)
    breached = tuple(clock for clock, at in breaches(still) if at <= now)
    return replace(still, warned=warned, breached=breached)
