"""By when we answer and solve. Pure: business hours, the matrix, and the clocks of a case."""

from prunella.cases.sla.check import check, read
from prunella.cases.sla.clock import (
    PAUSING,
    Clocks,
    begin,
    breaches,
    follow,
    hear,
    hours_of,
    reply,
    warnings,
    with_deadlines,
)
from prunella.cases.sla.due import CLOCKS, Clock, Due
from prunella.cases.sla.hours import AROUND_THE_CLOCK, Hours, NeverOpenError, Shift
from prunella.cases.sla.late_start import begun_late
from prunella.cases.sla.rules import FILE, Rules, read_rules
from prunella.cases.sla.watch import lose, watch, watch_anew

__all__ = [
    "AROUND_THE_CLOCK",
    "CLOCKS",
    "FILE",
    "PAUSING",
    "Clock",
    "Clocks",
    "Due",
    "Hours",
    "NeverOpenError",
    "Rules",
    "Shift",
    "begin",
    "begun_late",
    "breaches",
    "check",
    "follow",
    "hear",
    "hours_of",
    "lose",
    "read",
    "read_rules",
    "reply",
    "warnings",
    "watch",
    "watch_anew",
    "with_deadlines",
]
