"""The card form: what was typed, what is wrong with it, and the test cards it offers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_EXPIRY = re.compile(r"^\s*(\d{1,2})\s*[/.\- ]\s*(?:20)?(\d{2})\s*$")
_CVC = re.compile(r"^\d{3,4}$")
_LAST_MONTH = 12


@dataclass(frozen=True)
class Problem:
    """What is wrong, in words, and the field it stands in."""

    title: str
    text: str
    field: str = "number"


@dataclass(frozen=True)
class Suggestion:
    number: str
    does: str

    @property
    def last4(self) -> str:
        return self.number[-4:]


SUGGESTIONS = (
    Suggestion("4242424242424242", "pays"),
    Suggestion("5555555555554444", "pays, Mastercard"),
    Suggestion("4000000000000341", "is stored, fails later"),
    Suggestion("4000000000009995", "has too little money"),
    Suggestion("4000002500003155", "asks the bank once"),
    Suggestion("4000002760003184", "asks the bank each time"),
    Suggestion("4000000000000002", "is refused"),
    Suggestion("4000000000000069", "has expired"),
    Suggestion("4000000000000127", "wrong security code"),
    Suggestion("4000000000000119", "bank has a fault"),
)


@dataclass(frozen=True)
class CardForm:
    number: str = ""
    expiry: str = ""
    cvc: str = ""

    @classmethod
    def sent(cls, form: Mapping[str, Any]) -> CardForm:
        typed = {name: str(form.get(name, ""))[:40] for name in ("number", "expiry", "cvc")}
        return cls(re.sub(r"[\s-]", "", typed["number"]), typed["expiry"], typed["cvc"].strip())

    @classmethod
    def suggested(cls, last4: str | None) -> CardForm:
        """Fill in one of the offered cards, or nothing."""
        chosen = next((card for card in SUGGESTIONS if card.last4 == last4), None)
        return cls(chosen.number, "12/34", "123") if chosen else cls()

    def problem(self) -> Problem | None:
        """What can be seen without asking the bank."""
        if not self.number.isdigit():
            return Problem(
                "The card number is missing", "Type the digits on the front of the card."
            )
        if self._month_and_year() is None:
            text = "Type the month and the year, such as 12/30."
            return Problem("The date cannot be read", text, "expiry")
        if not _CVC.match(self.cvc):
            text = (
                "Type the 3 digits on the back of the card (4 on the front of an American Express)."
            )
            return Problem("The security code is missing", text, "cvc")
        return None

    def card(self) -> dict[str, str]:
        """The card as the API takes it, for a form without a problem."""
        month, year = self._month_and_year() or ("", "")
        return {"number": self.number, "exp_month": month, "exp_year": year, "cvc": self.cvc}

    def _month_and_year(self) -> tuple[str, str] | None:
        found = _EXPIRY.match(self.expiry)
        if not found or not 1 <= int(found[1]) <= _LAST_MONTH:
            return None
        return str(int(found[1])), f"20{found[2]}"


_FIELDS = {
    "expired_card": "expiry",
    "invalid_expiry_month": "expiry",
    "invalid_expiry_year": "expiry",
    "incorrect_cvc": "cvc",
    "invalid_cvc": "cvc",
}


def refused(code: str | None, message: str) -> Problem:
    """What the bank or Stripe said, beside the field it is about."""
    return Problem("The card was not taken", message, _FIELDS.get(code or "", "number"))
