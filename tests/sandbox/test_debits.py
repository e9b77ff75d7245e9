"""What of a period is billed, under any sequence of changes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from prunella_sandbox.billing.debits import Debit, share, split

START, END = 1_772_323_200, 1_775_001_600
Change = tuple[int, int]
CHANGES = st.lists(st.tuples(st.integers(START, END), st.integers(0, 5_000_000)), max_size=12)


def _debit(amount: int, *, start: int = START) -> Debit:
    return Debit(item="si", price="price", quantity=1, amount=amount, start=start, end=END)


def _bill(full: int, changes: list[Change]) -> tuple[tuple[Debit, ...], list[int]]:
    """Bill a period and changes of its price; give what stands, and every line that was billed."""
    standing: tuple[Debit, ...] = (_debit(full),)
    lines = [full]
    for at, price in changes:
        used, unused = split(standing, at=at)
        charged = _debit(share(price, of=END - at, whole=END - START), start=at)
        lines += [*(-debit.amount for debit in unused), charged.amount]
        standing = (*used, charged)
    return standing, lines


@given(st.integers(0, 5_000_000), CHANGES)
def test_the_lines_add_up_to_what_stands(full: int, changes: list[Change]) -> None:
    standing, lines = _bill(full, changes)
    assert sum(lines) == sum(debit.amount for debit in standing)


@given(st.integers(0, 5_000_000), CHANGES)
def test_no_second_is_billed_twice(full: int, changes: list[Change]) -> None:
    standing, _ = _bill(full, changes)
    stretches = sorted((debit.start, debit.end) for debit in standing if debit.start < debit.end)
    assert all(one[1] <= two[0] for one, two in pairwise(stretches))
    assert sum(end - start for start, end in stretches) == END - START


@given(st.integers(0, 5_000_000), st.integers(START, END), st.integers(0, 5_000_000))
def test_there_and_back_in_the_same_second_nets_to_zero(full: int, at: int, other: int) -> None:
    _, lines = _bill(full, [(at, other), (at, full)])
    assert sum(lines) == full


@given(st.integers(0, 5_000_000), CHANGES)
def test_nothing_is_ever_billed_below_zero(full: int, changes: list[Change]) -> None:
    standing, _ = _bill(full, changes)
    assert all(debit.amount >= 0 for debit in standing)


@given(st.integers(0, 5_000_000), CHANGES)
def test_each_stretch_is_billed_to_the_cent(full: int, changes: list[Change]) -> None:
    """Each cut rounds once, so a stretch is off by no more than half a cent for each cut."""
    standing, _ = _bill(full, changes)
    prices = [(START, full), *changes]
    for debit in standing:
        if debit.start == debit.end:
            continue
        price = next(p for at, p in reversed(prices) if at == debit.start)
        exact = price * (debit.end - debit.start) / (END - START)
        assert abs(debit.amount - exact) <= (1 + len(changes)) / 2 + 0.01
