"""Amounts as Stripe counts them: whole minor units beside a currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import lru_cache

from babel import Locale
from babel.numbers import NumberPattern, parse_pattern

# docs.stripe.com/currencies: zero-decimal, three-decimal, special cases.
_NO_DECIMALS = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga"}
    | {"pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"},
)
_THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
# No fractions exist any more, yet Stripe still counts them in hundredths that are always 00.
_WHOLE_IN_HUNDREDTHS = frozenset({"isk", "ugx"})
# 64-bit amounts need 19 digits; beyond this an amount is refused, never rounded.
_MOST_DIGITS = 30
# What CLDR puts between a currency of letters and its amount, and babel leaves out.
_LETTER_BY_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation, Overflow])


class MoneyError(ValueError):
    """This amount of money cannot be worked with."""


class NotAnAmountError(MoneyError):
    """An amount is a whole number of minor units and a three-letter currency."""


class InexactAmountError(MoneyError):
    """This currency has no unit that small."""


class MixedCurrenciesError(MoneyError):
    """Amounts in different currencies cannot be added or compared."""


def decimals_of(currency: str) -> int:
    """How many digits of Stripe's integer amounts stand behind the point."""
    code = currency.lower()
    if code in _NO_DECIMALS:
        return 0
    return 3 if code in _THREE_DECIMALS else 2


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units, `currency` as ISO 4217 in lower case, as Stripe writes it."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise NotAnAmountError
        code = self.currency
        if len(code) != 3 or not (code.isascii() and code.isalpha()):  # noqa: PLR2004  ISO 4217 codes have three letters
            raise NotAnAmountError
        object.__setattr__(self, "currency", code.lower())

    @classmethod
    def from_major(cls, text: str, currency: str) -> Money:
        """`"3665.04"`, `"usd"` gives 366504; a digit too many is an error, never rounded."""
        try:
            major = Decimal(text)
        except InvalidOperation as error:
            raise NotAnAmountError from error
        if not major.is_finite() or major.adjusted() > _MOST_DIGITS:
            raise NotAnAmountError
        try:
            minor = major.scaleb(decimals_of(currency), _EXACT)
        except ArithmeticError as error:
            raise NotAnAmountError from error
        if minor != minor.to_integral_value():
            raise InexactAmountError
        if currency.lower() in _WHOLE_IN_HUNDREDTHS and minor % 100:
            raise InexactAmountError
        return cls(int(minor), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.amount).scaleb(-decimals_of(self.currency), _EXACT)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other).amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def format(self, locale: str) -> str:
        """In words of the reader's language: `$3,665.04`, `¥3,665`, `CHF 50.00`."""
        known, pattern = _pattern(locale, self._shown_digits())
        shown: str = pattern.apply(
            self.major,
            known,
            currency=self.currency.upper(),
            currency_digits=False,
        )
        return _LETTER_BY_DIGIT.sub("\N{NO-BREAK SPACE}", shown)

    def _shown_digits(self) -> int:
        whole = self.currency in _WHOLE_IN_HUNDREDTHS and self.amount % 100 == 0
        return 0 if whole else decimals_of(self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise MixedCurrenciesError
        return other


@lru_cache(maxsize=256)
def _pattern(locale: str, digits: int) -> tuple[Locale, NumberPattern]:
    known = Locale.parse(locale, sep="-" if "-" in locale else "_")
    pattern = parse_pattern(known.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    return known, pattern
