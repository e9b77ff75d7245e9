"""Was this taken twice? Only what the payments themselves prove counts."""

from __future__ import annotations

from datetime import timedelta

from prunella.diagnostics.facts import Attempt, Facts, Line

MINUTES_APART = timedelta(minutes=30)


def is_duplicate(facts: Facts, charge: str) -> bool:
    return original_of(facts, charge) is not None


def original_of(facts: Facts, charge: str) -> Attempt | None:
    """Return the earlier payment that this one repeats: same amount and purpose, minutes apart.

    Two seats, two packs that were ordered one by one, or two periods are no duplicates.
    """
    later = next((one for one in _paid(facts) if one.charge == charge), None)
    if later is None:
        return None
    return next((one for one in _paid(facts) if _repeats(facts, later, one)), None)


def _paid(facts: Facts) -> list[Attempt]:
    return [one for one in facts.attempts if one.outcome == "succeeded" and one.charge]


def _repeats(facts: Facts, later: Attempt, earlier: Attempt) -> bool:
    if later.charge == earlier.charge or later.amount is None or later.amount != earlier.amount:
        return False
    if later.at is None or earlier.at is None or _goes_back(earlier):
        return False
    order = (earlier.at, earlier.charge or "") < (later.at, later.charge or "")
    if not order or later.at - earlier.at > MINUTES_APART:
        return False
    return _same_purpose(facts, later, earlier)


def _goes_back(attempt: Attempt) -> bool:
    """One of the two was refunded or is disputed already: the other is the real one."""
    return attempt.disputed or bool(attempt.refunded)


def _same_purpose(facts: Facts, later: Attempt, earlier: Attempt) -> bool:
    if later.invoice or earlier.invoice:
        return _same_bill(facts, later, earlier)
    if not later.description and not later.metadata:
        return False
    return (later.description, later.metadata) == (earlier.description, earlier.metadata)


def _same_bill(facts: Facts, later: Attempt, earlier: Attempt) -> bool:
    if later.invoice == earlier.invoice:
        return True
    bills = facts.invoice(later.invoice), facts.invoice(earlier.invoice)
    if bills[0] is None or bills[1] is None or not bills[0].lines:
        return False
    if {line.item for line in bills[0].lines} != {line.item for line in bills[1].lines}:
        return False
    return [_billed(line) for line in bills[0].lines] == [_billed(line) for line in bills[1].lines]


def _billed(line: Line) -> tuple[object, ...]:
    what = line.price, line.product, line.description, line.quantity
    return (*what, line.starts_at, line.ends_at)
