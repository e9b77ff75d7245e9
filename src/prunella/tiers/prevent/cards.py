"""Which card runs out when, and which notice of it is due. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import PaymentMethod

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Ending:
    """A card that payments are collected from, and the moment from which it is no longer good."""

    card: PaymentMethod
    ends_at: datetime

    @property
    def subject(self) -> str:
        """A card that the bank renews keeps its id and gets another date."""
        return f"{self.card.id}:{self.card.exp_year}-{self.card.exp_month:02d}"

    def days_left(self, now: datetime, time_zone: str) -> int:
        zone = ZoneInfo(time_zone)
        return (self.ends_at.astimezone(zone).date() - now.astimezone(zone).date()).days


def cards_in_use(facts: Facts, time_zone: str) -> Iterator[Ending]:
    """Return the cards that plans which go on are paid with, each once."""
    going_on = [one for one in facts.subscriptions if one.running and not one.cancel_at_period_end]
    charged = (facts.charged_for_plan(one) for one in going_on)
    for name in dict.fromkeys(one.id for one in charged if one):
        card = facts.method(name)
        ends_at = card.expires_at(time_zone) if card and card.kind == "card" else None
        if card and ends_at:
            yield Ending(card, ends_at)


def due_notice(days_left: int, days_ahead: tuple[int, ...]) -> tuple[int | None, tuple[int, ...]]:
    """Return the notice that is due, and those that it overtakes."""
    if days_left <= 0:
        return None, ()
    reached = sorted(day for day in days_ahead if days_left <= day)
    return (reached[0], tuple(reached[1:])) if reached else (None, ())


def month_of(at: datetime) -> int:
    """Count months from year 0, the first being 1."""
    return at.year * MONTHS + at.month
