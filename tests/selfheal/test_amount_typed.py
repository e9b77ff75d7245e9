"""What people type into a field for money, and what it is."""

import pytest

from prunella.kit.money import Money, MoneyError
from prunella.tiers.selfheal.money_back import plain


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("40", "usd", 4_000),
        ("40.00", "usd", 4_000),
        ("40,00", "eur", 4_000),
        (" 40.5 ", "usd", 4_050),
        ("1,000", "usd", 100_000),
        ("1.000", "eur", 100_000),
        ("1,000.50", "usd", 100_050),
        ("14.000,00", "eur", 1_400_000),
        ("14 000,00", "eur", 1_400_000),
        ("14'000.00", "chf", 1_400_000),
        ("12345.67", "usd", 1_234_567),
        ("1,000", "jpy", 1_000),
        ("1.250", "kwd", 1_250),
        ("$40", "usd", 4_000),
        ("$1,000.50", "cad", 100_050),
        ("CA$5", "cad", 500),
        ("40,00 €", "eur", 4_000),
        ("eur 40", "eur", 4_000),
        ("CHF\N{NO-BREAK SPACE}40.00", "chf", 4_000),
    ],
)
def test_an_amount_is_what_its_reader_would_say(typed: str, currency: str, minor: int) -> None:
    assert Money.from_major(plain(typed, currency), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "typed",
    ["", "$", "forty", "-40", "40.001.2", "1,00,000", "€40", "A$40", "4e3", "٤٠", "40.123,456,7"],
)
def test_what_is_no_amount_is_not_guessed_at(typed: str) -> None:
    with pytest.raises(MoneyError):
        plain(typed, "usd")
