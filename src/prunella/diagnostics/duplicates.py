"""Was the same thing paid twice? Only what the payments themselves prove counts.

The one judgement of it: the diagnosis tells it, and policy asks it again before money goes back.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prunella.diagnostics.facts import Attempt, Facts, Invoice
from prunella.diagnostics.purpose import Purpose, Sameness, purpose_of, same_purpose
from prunella.kit.money import Money

AT_MOST_APART = timedelta(minutes=15)
MATTERS_FOR = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Money that left the customer. `bill` is what it paid, where that is known."""

    charge: str
    at: datetime
    amount: Money
    payment: Attempt
    bill: Invoice | None = None


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
    settled = _Settled.of(facts)
    meant = _Meant()
    for taken in sorted(_taken(facts), key=lambda one: (one.at, one.charge)):
        one = _compare(taken, meant, settled)
        if one.twice is None:
            meant.add(taken)
        yield one


def _taken(facts: Facts) -> Iterable[Taken]:
    """Once a charge."""
    bills = {one.id: one for one in reversed(facts.invoices)}
    found: dict[str, Taken] = {}
    for one in facts.attempts:
        if one.outcome != "succeeded" or not one.captured or one.charge is None:
            continue
        if one.at is not None and one.amount is not None and one.amount.amount > 0:
            bill = bills.get(one.invoice) if one.invoice else None
            found[one.charge] = Taken(
                charge=one.charge, at=one.at, amount=one.amount, payment=one, bill=bill
            )
    return found.values()


def _compare(later: Taken, meant: _Meant, settled: _Settled) -> Compared:
    if not meant.any_near(later):
        return Compared(taken=later, because="single_payment")
    twice = next(_same(meant.near(later), later), None)
    if twice is None:
        return Compared(taken=later, because="other_purpose")
    why_not = settled.why(twice)
    if why_not:
        return Compared(taken=later, because=why_not)
    return Compared(taken=later, because=f"twice_{twice.same}", twice=twice)


def _same(near: Iterable[Taken], later: Taken) -> Iterator[Twice]:
    for first in near:
        same = same_purpose(first.payment, later.payment, first.bill)
        if same is not None:
            yield Twice(first=first, later=later, same=same)


@dataclass(frozen=True, slots=True)
class _Meant:
    """Payments by what they came to and were for, so that few are held against each other.

    Those that are asked about and added come in the order of time.
    """

    newest: dict[Money, datetime] = field(default_factory=dict)
    alike: dict[tuple[Money, Purpose], deque[Taken]] = field(
        default_factory=lambda: defaultdict(deque)
    )

    def add(self, taken: Taken) -> None:
        self.newest[taken.amount] = taken.at
        purpose = purpose_of(taken.payment, taken.bill)
        if purpose is not None:
            self.alike[taken.amount, purpose].append(taken)

    def any_near(self, later: Taken) -> bool:
        """Whether as much was taken shortly before, whatever for."""
        at = self.newest.get(later.amount)
        return at is not None and _is_near(at, later)

    def near(self, later: Taken) -> Iterable[Taken]:
        """As much for the same, shortly before, oldest first; what is older is let go."""
        purpose = purpose_of(later.payment, later.bill)
        if purpose is None:
            return ()
        found = self.alike[later.amount, purpose]
        while found and not _is_near(found[0].at, later):
            found.popleft()
        return found


def _is_near(at: datetime, later: Taken) -> bool:
    return later.at - at <= AT_MOST_APART


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settled:
    """What else became of charges: those that money went back of, those a bank looks at.

    A refund that did not arrive has a finding of its own.
    """

    now: datetime
    gone_back: frozenset[str | None]
    disputed: frozenset[str | None]

    @classmethod
    def of(cls, facts: Facts) -> _Settled:
        return cls(
            now=facts.now,
            gone_back=frozenset(one.charge for one in facts.refunds if one.status != "canceled"),
            disputed=frozenset(one.charge for one in facts.disputes),
        )

    def why(self, twice: Twice) -> str:
        """Why nothing is owed back; empty when something is."""
        both = (twice.first, twice.later)
        if twice.later.at < self.now - MATTERS_FOR:
            return "long_ago"
        if any(self._went_back(one) for one in both):
            return "one_went_back"
        if any(one.payment.disputed or one.charge in self.disputed for one in both):
            return "bank_is_asked"
        return ""

    def _went_back(self, taken: Taken) -> bool:
        refunded = taken.payment.refunded
        if refunded is not None and refunded.amount > 0:
            return True
        return taken.charge in self.gone_back
