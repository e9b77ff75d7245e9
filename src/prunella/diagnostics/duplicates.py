"""Was the same thing paid twice? Only what the payments themselves prove counts.

The one judgement of it: the diagnosis tells it, and policy asks it again before money goes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from prunella.diagnostics.facts import Attempt, Facts
from prunella.diagnostics.purpose import Sameness, same_purpose
from prunella.kit.money import Money

AT_MOST_APART = timedelta(minutes=15)
MATTERS_FOR = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Money that left the customer."""

    charge: str
    at: datetime
    amount: Money
    payment: Attempt


@dataclass(frozen=True, kw_only=True)
class Twice:
    """A payment that came after one for the same thing; `same` is what shows it."""

    first: Taken
    later: Taken
    same: Sameness

    @property
    def seconds_apart(self) -> int:
        return int((self.later.at - self.first.at).total_seconds())


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One payment held against those before it, and why it is one too many, or is not."""

    taken: Taken
    because: str
    twice: Twice | None = None


def is_duplicate(facts: Facts, charge: str) -> bool:
    return original_of(facts, charge) is not None


def original_of(facts: Facts, charge: str) -> Attempt | None:
    """Return the earlier payment that this one repeats, while neither went back."""
    found = (one.twice for one in compared(facts) if one.taken.charge == charge)
    return next((twice.first.payment for twice in found if twice), None)


def compared(facts: Facts) -> Iterator[Compared]:
    """Oldest first. Of several for the same thing the first is meant, each later one too many."""
    meant: list[Taken] = []
    for taken in sorted(_taken(facts), key=lambda one: (one.at, one.charge)):
        one = _compare(facts, meant, taken)
        if one.twice is None:
            meant.append(taken)
        yield one


def _taken(facts: Facts) -> list[Taken]:
    """Once a charge."""
    found: dict[str, Taken] = {}
    for one in facts.attempts:
        if one.outcome != "succeeded" or not one.captured or one.charge is None:
            continue
        if one.at is not None and one.amount is not None and one.amount.amount > 0:
            found[one.charge] = Taken(charge=one.charge, at=one.at, amount=one.amount, payment=one)
    return list(found.values())


def _compare(facts: Facts, meant: Sequence[Taken], later: Taken) -> Compared:
    near = [one for one in meant if _near(one, later)]
    if not near:
        return Compared(taken=later, because="single_payment")
    twice = next(_same(facts, near, later), None)
    if twice is None:
        return Compared(taken=later, because="other_purpose")
    why_not = _settled(facts, twice)
    if why_not:
        return Compared(taken=later, because=why_not)
    return Compared(taken=later, because=f"twice_{twice.same}", twice=twice)


def _near(first: Taken, later: Taken) -> bool:
    return first.amount == later.amount and later.at - first.at <= AT_MOST_APART


def _same(facts: Facts, near: Sequence[Taken], later: Taken) -> Iterator[Twice]:
    for first in near:
        same = same_purpose(facts, first.payment, later.payment)
        if same is not None:
            yield Twice(first=first, later=later, same=same)


def _settled(facts: Facts, twice: Twice) -> str:
    """Why nothing is owed back; empty when something is."""
    both = (twice.first, twice.later)
    if twice.later.at < facts.now - MATTERS_FOR:
        return "long_ago"
    if any(_went_back(facts, one) for one in both):
        return "one_went_back"
    disputed = {one.charge for one in facts.disputes}
    if any(one.payment.disputed or one.charge in disputed for one in both):
        return "bank_is_asked"
    return ""


def _went_back(facts: Facts, taken: Taken) -> bool:
    """A refund that did not arrive has a finding of its own."""
    refunded = taken.payment.refunded
    if refunded is not None and refunded.amount > 0:
        return True
    return any(one.charge == taken.charge and one.status != "canceled" for one in facts.refunds)
