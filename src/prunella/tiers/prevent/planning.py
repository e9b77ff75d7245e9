"""Making the steps of a plan out of its schedule. Pure: days count in the customer's own zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from prunella.cases import after_quiet
from prunella.tiers.prevent.content import LAST_DAY
from prunella.tiers.prevent.dunning import Dunning, Schedule
from prunella.tiers.prevent.plan import LetterName, Step, StepKind, StepReason


@dataclass(frozen=True, slots=True)
class Planning:
    """One customer's time zone and the rules that hold."""

    dunning: Dunning
    time_zone: str

    def steps(self, schedule: Schedule, opened_at: datetime) -> list[Step]:
        """Everything but the tries: those are planned once Stripe has stopped."""
        letters = [
            self._letter(name, opened_at, day=day) for name, day in _letters(schedule.letters)
        ]
        notice = self._letter("cut_off_notice", opened_at, day=schedule.cut_off_notice)
        told_by = notice.due_at + timedelta(days=schedule.notice_days)
        at = max(self._after(opened_at, schedule.cut_off), told_by)
        cut_off = _step("cutoff", "cut_off", at)
        person = schedule.person
        with_person = person is not None
        people = [_step("person", "person", self._after(opened_at, person or 0))]
        return [*letters, notice, cut_off, *(people if with_person else [])]

    def tries(self, schedule: Schedule, stopped_at: datetime, opened_at: datetime) -> list[Step]:
        """Our own tries after Stripe has stopped, none later than networks allow."""
        soon = schedule.soon_hours
        first = [stopped_at + timedelta(hours=soon)] if soon else []
        days = [self._morning(stopped_at, day) for day in schedule.tries]
        last = opened_at + timedelta(days=LAST_DAY)
        return [_step("our_try", "try", at) for at in [*first, *days] if at <= last]

    def next_morning(self, now: datetime) -> datetime:
        return self._morning(now, 1)

    def _letter(self, name: LetterName, opened_at: datetime, *, day: int) -> Step:
        planned_at = self._after(opened_at, day)
        if day == 0 and not self.dunning.first_letter_waits:
            return _step("letter", name, planned_at)
        due_at = after_quiet(planned_at, self.time_zone, self.dunning.rules.quiet)
        reason: StepReason = "quiet" if due_at > planned_at else "planned"
        return _step("letter", name, planned_at, due_at=due_at, reason=reason)

    def _after(self, at: datetime, days: int) -> datetime:
        """The same time on the wall so many days later, whatever the clocks did meanwhile."""
        zone = ZoneInfo(self.time_zone)
        return (at.astimezone(zone) + timedelta(days=days)).astimezone(UTC) if days else at

    def _morning(self, at: datetime, days: int) -> datetime:
        """The hour of our tries, so many days later; later that day when it has passed."""
        zone = ZoneInfo(self.time_zone)
        day = at.astimezone(zone).date() + timedelta(days=days)
        morning = datetime.combine(day, self.dunning.tries_at, zone).astimezone(UTC)
        return max(morning, at)


def _letters(days: tuple[int, ...]) -> Iterator[tuple[LetterName, int]]:
    for place, day in enumerate(days):
        if place == 0:
            yield "first", day
        else:
            yield ("last" if place == len(days) - 1 else "reminder"), day


def _step(
    kind: StepKind,
    name: str,
    planned_at: datetime,
    *,
    due_at: datetime | None = None,
    reason: StepReason = "planned",
) -> Step:
    return Step(
        kind=kind,
        name=name,
        state="next",
        planned_at=planned_at,
        due_at=due_at or planned_at,
        reason=reason,
    )
