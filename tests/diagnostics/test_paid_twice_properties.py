"""However many payments there are: the outcome is that of holding each against each."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.diagnostics.stripe_json import CUSTOMER, NOW

from prunella.diagnostics.duplicates import AT_MOST_APART, MATTERS_FOR, compared
from prunella.diagnostics.facts import Attempt, Dispute, Facts, Invoice, Line, Refund
from prunella.kit.money import Money

Told = tuple[str | None, str, str | None]
"""A charge, what is said of it, and the charge that it repeats."""


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Few of many things at once are odd, else hardly two payments would be alike."""
    return st.sampled_from([usual] * 12 + list(others))


USD = Money(900, "usd")
amounts = mostly(USD, Money(1800, "usd"), Money(900, "eur"))
charges = st.sampled_from([f"ch_{n}" for n in range(40)])
# Around the longest that two are apart, and around how long ago it still matters.
times = st.builds(
    lambda days, minutes: NOW - timedelta(days=days) + timedelta(minutes=minutes),
    st.sampled_from([9, MATTERS_FOR.days]),
    st.integers(-15, 15),
)
attempts = st.builds(
    Attempt,
    outcome=mostly("succeeded", "failed"),
    at=times,
    amount=amounts,
    charge=charges,
    invoice=st.sampled_from([None, "in_1", "in_2", "in_3", "", "in_lost"]),
    description=st.sampled_from(["Pack", None, ""]),
    metadata=st.sampled_from([(), (("seat", "2"),)]),
    captured=mostly(True, False),  # noqa: FBT003  what is sampled
    refunded=mostly(None, Money(0, "usd"), Money(1, "usd")),
    disputed=mostly(False, True),  # noqa: FBT003  what is sampled
)
lines = st.builds(
    Line,
    price=mostly("price_1", "price_2"),
    quantity=mostly(1, 2),
    starts_at=st.just(NOW),
    ends_at=mostly(NOW + timedelta(days=30), NOW),
)
invoices = st.builds(
    Invoice,
    id=st.sampled_from(["in_1", "in_2", "in_3"]),
    total=mostly(USD, None, Money(1800, "usd"), Money(900, "eur")),
    subscription=mostly("sub_1", None),
    lines=mostly(1, 0, 2).flatmap(lambda n: st.lists(lines, min_size=n, max_size=n).map(tuple)),
)
refunds = st.builds(
    Refund, id=st.just("re_1"), charge=charges, status=mostly("pending", "canceled")
)
disputes = st.builds(Dispute, id=st.just("dp_1"), charge=charges)
facts = st.builds(
    Facts,
    customer=st.just(CUSTOMER),
    now=st.just(NOW),
    invoices=st.lists(invoices, min_size=3, max_size=5).map(tuple),
    attempts=st.lists(attempts, min_size=4, max_size=20).map(tuple),
    refunds=st.lists(refunds, max_size=3).map(tuple),
    disputes=st.lists(disputes, max_size=3).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(facts)
def test_nothing_is_overlooked_by_looking_at_few(known: Facts) -> None:
    found = [
        (one.taken.charge, one.because, one.twice.first.charge if one.twice else None)
        for one in compared(known)
    ]
    assert found == each_against_each(known)


def each_against_each(known: Facts) -> list[Told]:
    told: list[Told] = []
    meant: list[Attempt] = []
    for later in in_order(known):
        because, first = judged(known, meant, later)
        if first is None:
            meant.append(later)
        told.append((later.charge, because, first.charge if first else None))
    return told


def in_order(known: Facts) -> list[Attempt]:
    counts = {
        one.charge: one
        for one in known.attempts
        if one.outcome == "succeeded" and one.captured and one.charge
        if one.at and one.amount and one.amount.amount
    }
    return sorted(counts.values(), key=lambda one: (one.at, one.charge))


def judged(known: Facts, meant: Sequence[Attempt], later: Attempt) -> tuple[str, Attempt | None]:
    assert later.at
    near = [
        one
        for one in meant
        if one.at and one.amount == later.amount and later.at - one.at <= AT_MOST_APART
    ]
    if not near:
        return "single_payment", None
    alike = next(((one, same) for one in near if (same := purpose(known, one, later))), None)
    if alike is None:
        return "other_purpose", None
    first, same = alike
    if later.at < NOW - MATTERS_FOR:
        return "long_ago", None
    if any(went_back(known, one) for one in (first, later)):
        return "one_went_back", None
    if any(is_disputed(known, one) for one in (first, later)):
        return "bank_is_asked", None
    return f"twice_{same}", first


def went_back(known: Facts, one: Attempt) -> bool:
    asked = any(of.charge == one.charge and of.status != "canceled" for of in known.refunds)
    return asked or bool(one.refunded and one.refunded.amount)


def is_disputed(known: Facts, one: Attempt) -> bool:
    return one.disputed or any(of.charge == one.charge for of in known.disputes)


def purpose(known: Facts, one: Attempt, other: Attempt) -> str | None:
    assert one.amount
    bill, beside = known.invoice(one.invoice), known.invoice(other.invoice)
    if one.invoice and one.invoice == other.invoice:
        total = bill.total if bill else None
        whole = total and total.currency == one.amount.currency
        return "invoice" if whole and total and 2 * one.amount.amount > total.amount else None
    if one.invoice or other.invoice:
        same = bill and beside and bill.lines and bill.subscription == beside.subscription
        return "lines" if same and bill and beside and sold(bill) == sold(beside) else None
    if (one.metadata, one.description) != (other.metadata, other.description):
        return None
    return "description" if one.description else "metadata" if one.metadata else None


def sold(bill: Invoice) -> list[str]:
    """A line without a length is of no period."""
    of_period = [(one, one.starts_at != one.ends_at) for one in bill.lines]
    return sorted(f"{one.price} {one.quantity} {lasts and one.ends_at}" for one, lasts in of_period)
