"""Another day for the same card: there is one to choose, or it is not offered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.diagnostics.stripe_json import NOW, diagnosed, failed, invoice, seconds

from prunella.diagnostics import POSSIBLE, FixOffer
from prunella.diagnostics.declines import DECLINES


def offered(code: str = "insufficient_funds", next_try_days: float | None = None) -> list[FixOffer]:
    at = NOW + timedelta(days=next_try_days) if next_try_days is not None else None
    march = invoice(next_payment_attempt=seconds(at))
    others = (one for one in failed(decline_code=code) if one["object"] != "invoice")
    found = diagnosed(*others, march, possible=POSSIBLE)
    return [one for one in found.offers if one.name == "retry_later"]


def test_before_stripes_next_try_where_a_day_is_left() -> None:
    [offer] = offered(next_try_days=6)
    assert offer.days[0] == date(2026, 3, 4)
    assert max(offer.days) < (NOW + timedelta(days=6)).date()


@pytest.mark.parametrize("days", [0.1, 1])
def test_after_stripes_next_try_where_none_is_left_before(days: float) -> None:
    [offer] = offered("generic_decline", next_try_days=days)
    stripes = (NOW + timedelta(days=days)).date()
    assert offer.days[0] >= stripes + timedelta(days=3)


def test_where_stripe_has_stopped_there_are_five_working_days() -> None:
    [offer] = offered()
    assert len(offer.days) == 5
    assert all(day.weekday() < 5 for day in offer.days)


@given(
    code=st.sampled_from(sorted(DECLINES)),
    days=st.one_of(st.none(), st.floats(min_value=-5, max_value=40)),
)
def test_the_choice_is_never_empty(code: str, days: float | None) -> None:
    for offer in offered(code, days):
        assert offer.days
        assert offer.days[0] > NOW.date()
        assert list(offer.days) == sorted(set(offer.days))
