"""What Stripe does with plans that are not paid, as far as its data shows, held against our days.

The setting itself (Billing, Manage failed payments) is nowhere in Stripe's API. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from prunella.tiers.prevent.dunning import Dunning

WITHIN = timedelta(days=90)
WHERE = "at Stripe under Billing, Manage failed payments"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsAtStripe:
    """Plans of the last 90 days: those that Stripe ended or put on hold for a missing payment.

    `soonest_days` is the shortest time from the bill to that end; `left` counts those that run
    on, though Stripe has stopped trying for longer than our longest plan.
    """

    ended: int = 0
    soonest_days: int | None = None
    left: int = 0


def disagreements(dunning: Dunning, known: EndsAtStripe) -> Iterator[str]:
    """Say where dunning.toml promises something else than Stripe does."""
    first = first_cut_off(dunning)
    if known.soonest_days is not None and known.soonest_days < first:
        yield (
            f"Stripe ended {known.ended} unpaid plans lately, the soonest after "
            f"{known.soonest_days} days, and dunning.toml names day {first} to customers: allow "
            f"more time {WHERE}, or lower cut_off."
        )
    elif known.ended and dunning.at_cut_off == "person":
        yield (
            f"Stripe ended {known.ended} unpaid plans lately by itself, and dunning.toml asks a "
            f'person: let plans be past due {WHERE}, or write then = "stripe" in [cut_off].'
        )
    if known.left and dunning.at_cut_off == "stripe":
        yield (
            f"Stripe has stopped trying and lets {known.left} unpaid plans run, and dunning.toml "
            f'leaves their end to it: change that {WHERE}, or write then = "person" in [cut_off].'
        )


def first_cut_off(dunning: Dunning) -> int:
    return min(schedule.cut_off for schedule in dunning.schedules.values())


def last_cut_off(dunning: Dunning) -> int:
    return max(schedule.cut_off for schedule in dunning.schedules.values())
