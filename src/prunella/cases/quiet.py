"""When people are not written to, in their own time zone. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
A_WEEK = 8
"""A quiet stretch ends within so many days, whatever is set."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """No letters from `begins` to `ends` of the next day, and none at `weekends`, if so set.

    With `begins` equal to `ends` no hour is quiet.
    """

    begins: time
    ends: time
    weekends: bool

    def holds(self, local: datetime) -> bool:
        if self.weekends and local.weekday() >= SATURDAY:
            return True
        clock = local.time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def after_quiet(at: datetime, time_zone: str, quiet: Quiet) -> datetime:
    """Return `at`, or the end of the quiet stretch that it lies in. Aware in, UTC out."""
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    for _ in range(A_WEEK):
        if not quiet.holds(local):
            break
        local = _next_end(local, quiet, zone)
    return local.astimezone(UTC)


def _next_end(local: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """Return the next moment at which the clock on the wall shows the end of the quiet hours.

    Where that hour does not exist on a day (the clock goes forward), it is the moment after.
    """
    day = local.date()
    for ahead in range(2):
        end = datetime.combine(day + timedelta(days=ahead), quiet.ends, zone)
        moment = end.astimezone(UTC).astimezone(zone)
        if moment > local:
            return moment
    return local + timedelta(days=1)
