"""What of a running period is billed already, stretch by stretch (pure).

A debit is what was billed for one price over one stretch of time. A change of plan credits what of
each debit lies after it, from what was really billed and not from what the old price would have
been; so no second is billed twice, and going back in the same second nets to zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, kw_only=True)
class Debit:
    """`amount` in the minor unit, for the half-open stretch from `start` to `end`."""

    item: str
    price: str
    quantity: int
    amount: int
    start: int
    end: int


def share(amount: int, *, of: int, whole: int) -> int:
    """Give the part of an amount that `of` seconds are of `whole`, rounded half up."""
    exact = Decimal(amount) * of / whole
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def split(debits: Iterable[Debit], *, at: int) -> tuple[tuple[Debit, ...], tuple[Debit, ...]]:
    """Cut debits at a moment: what was used before it, and what is unused after it."""
    used: list[Debit] = []
    unused: list[Debit] = []
    for debit in debits:
        before, after = _cut(debit, at)
        used += before
        unused += after
    return tuple(used), tuple(unused)


def _cut(debit: Debit, at: int) -> tuple[list[Debit], list[Debit]]:
    if at <= debit.start:
        return [], [debit]
    if at >= debit.end:
        return [debit], []
    rest = share(debit.amount, of=debit.end - at, whole=debit.end - debit.start)
    used = replace(debit, amount=debit.amount - rest, end=at)
    return [used], [replace(debit, amount=rest, start=at)]
