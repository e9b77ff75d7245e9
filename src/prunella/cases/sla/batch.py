"""Cases that are answered together, at set times of the team's own day. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Batches:
    """Cases of these severities (none: there are no batches) are answered at these times."""

    severities: frozenset[str]
    times: tuple[time, ...]
    time_zone: str

    def next_after(self, moment: datetime) -> datetime:
        """Return the next batch after the moment, in UTC."""
        zone = ZoneInfo(self.time_zone)
        today = moment.astimezone(zone).date()
        starts = (
            datetime.combine(today + timedelta(days=ahead), at, zone).astimezone(UTC)
            for ahead in range(3)
            for at in self.times
        )
        return min(start for start in starts if start > moment)

    def of(self, severity: str, opened_at: datetime) -> datetime | None:
        """Return the batch that a case of this severity belongs to."""
        return self.next_after(opened_at) if severity in self.severities else None
