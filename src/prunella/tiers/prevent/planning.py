"""Making the steps of a plan out of its schedule. Pure: days count in the customer's own zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from prunella.cases import after_quiet
from prunella.tiers.prevent.content import LAST_DAY
from prunella.tiers.prevent.dunning import Dunning, Schedule
from prunella.tiers.prevent.plan import LetterName, Plan, Step, StepKind, StepReason


@dataclass(frozen=True, slots=True)
class Planning:
    """One customer's time zone and the rules that hold."""

    dunning: Dunning
    time_zone: str

    def steps(self, schedule: Schedule, opened_at: datetime, *, of_plan: bool = True) -> list[Step]:
        """Everything but the tries: those are planned once Stripe has stopped.

        `of_plan`: the bill is one of the customer's plan; without one there is nothing to stop.
        """
        letters = [
            self._letter(name, opened_at, day=day) for name, day in _letters(schedule.letters)
        ]
        notice = self._letter("cut_off_notice", opened_at, day=schedule.cut_off_notice)
        told_by = notice.due_at + timedelta(days=schedule.notice_days)
        at = max(self._after(opened_at, schedule.cut_off), told_by)
        cut_off = _step("cutoff", "cut_off", at)
        people = []
        if schedule.person is not None:
            people.append(_step("person", "person", self._after(opened_at, schedule.person)))
        if of_plan:
            return [*letters, notice, cut_off, *people]
        if self.dunning.at_cut_off == "person":
            people.append(_step("person", "last_day", at))
        return [*letters, *people]

    def again(self, plan: Plan, begins_at: datetime) -> list[Step]:
        """The steps of a plan that goes on after a person, who has just looked at it."""
        schedule = self.dunning.schedules[plan.decline_class]
        steps = self.steps(schedule, begins_at, of_plan=plan.subscription is not None)
        done = {"person"} | ({"first"} if plan.told else set())
        return [step for step in steps if step.name not in done]

    def begins_at(self, now: datetime, *, days: int = 1) -> datetime:
        """A morning so many days ahead on which letters may be written."""
        return after_quiet(self._morning(now, days), self.time_zone, self.dunning.rules.quiet)

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
