"""Amounts as Stripe counts them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prunella.kit.money import (
    InexactAmountError,
    MixedCurrenciesError,
    Money,
    NotAnAmountError,
    decimals_of,
)

CURRENCIES = ("usd", "eur", "jpy", "krw", "kwd", "bhd", "isk", "ugx", "mga", "huf", "twd")


@pytest.mark.parametrize(
    ("amount", "currency", "major"),
    [
        (366504, "usd", "3665.04"),
        (3665, "jpy", "3665"),
        (1234, "kwd", "1.234"),
        (500, "isk", "5"),
        (500, "ugx", "5"),
        (5, "mga", "5"),
        (1045, "huf", "10.45"),
        (80045, "twd", "800.45"),
        (-5, "usd", "-0.05"),
    ],
)
def test_minor_units_are_stripes(amount: int, currency: str, major: str) -> None:
    money = Money(amount, currency)
    assert money.major == Decimal(major)
    assert Money.from_major(major, currency) == money


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (366504, "usd", "en_US", "$3,665.04"),
        (40000, "usd", "en_US", "$400.00"),
        (3665, "jpy", "en_US", "¥3,665"),
        (1234, "kwd", "en_US", "KWD\N{NO-BREAK SPACE}1.234"),
        (500, "isk", "en_US", "ISK\N{NO-BREAK SPACE}5"),
        (1000000, "ugx", "en_US", "UGX\N{NO-BREAK SPACE}10,000"),
        (150, "all", "en_US", "ALL\N{NO-BREAK SPACE}1.50"),
        (-500, "eur", "en_US", "-€5.00"),
        (366504, "eur", "de-DE", "3.665,04\xa0€"),
        (2**63 - 1, "usd", "en_US", "$92,233,720,368,547,758.07"),
    ],
)
def test_amounts_read_as_people_write_them(
    amount: int,
    currency: str,
    locale: str,
    shown: str,
) -> None:
    assert Money(amount, currency).format(locale) == shown


@pytest.mark.parametrize(
    ("text", "currency"),
    [("1.001", "usd"), ("1.5", "jpy"), ("5.50", "ugx"), ("0.0001", "kwd")],
)
def test_an_amount_is_never_rounded_in_silence(text: str, currency: str) -> None:
    with pytest.raises(InexactAmountError):
        Money.from_major(text, currency)


@pytest.mark.parametrize("text", ["", "ten", "NaN", "Infinity", "1e400", "1" * 60, "1.2.3"])
def test_what_is_no_number_is_no_amount(text: str) -> None:
    with pytest.raises(NotAnAmountError):
        Money.from_major(text, "usd")


@pytest.mark.parametrize(
    ("amount", "currency"), [(1, "us"), (1, "usdd"), (1, "u$d"), (True, "usd")]
)
def test_what_is_no_amount_is_refused(amount: int, currency: str) -> None:
    with pytest.raises(NotAnAmountError):
        Money(amount, currency)


def test_euros_and_dollars_do_not_add_up() -> None:
    euros, dollars = Money(1, "eur"), Money(1, "usd")
    for mix in (
        lambda: euros + dollars,
        lambda: euros - dollars,
        lambda: euros < dollars,
        lambda: euros <= dollars,
    ):
        with pytest.raises(MixedCurrenciesError):
            mix()
    assert euros != dollars


def test_the_currency_is_the_same_in_capitals() -> None:
    assert Money(1, "USD") == Money(1, "usd")


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(CURRENCIES))
def test_major_and_back_is_exact(amount: int, currency: str) -> None:
    whole = amount - amount % 100 if currency in {"isk", "ugx"} else amount
    money = Money(whole, currency)
    assert Money.from_major(str(money.major), currency) == money
    assert money.major == Decimal(whole) / 10 ** decimals_of(currency) or abs(whole) > 10**15


@given(st.integers(), st.integers())
def test_adding_and_taking_away_cancel_out(one: int, other: int) -> None:
    a, b = Money(one, "usd"), Money(other, "usd")
    assert a + b - b == a
    negative = -a
    assert a + negative == Money(0, "usd")
    assert (a < b) == (one < other)
    assert (a <= b) == (one <= other)
    assert bool(a) == bool(one)
