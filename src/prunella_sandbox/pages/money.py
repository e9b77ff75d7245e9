"""Amounts as a person reads them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency

ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split()  # noqa: SIM905 - a list of codes
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


def decimals(currency: str) -> int:
    """How many digits Stripe's minor unit stands for."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def money(amount: int, currency: str) -> str:
    value = Decimal(amount).scaleb(-decimals(currency))
    text: str = format_currency(value, currency.upper(), locale="en_US", decimal_quantization=False)
    return text
