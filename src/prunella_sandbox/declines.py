"""How a bank says no: code, decline code, advice, the words, and how Stripe classes them.

Advice follows Stripe's guide to card declines: data to be corrected, no further try, or later.
`NEVER_RETRIED` are the codes after which Smart Retries holds back until there is another card.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Advice = Literal["confirm_card_data", "do_not_try_again", "try_again_later"]

MESSAGES = {
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "invalid_cvc": "Your card's security code is invalid.",
    "incorrect_number": "Your card number is incorrect.",
    "invalid_number": "Your card number is not a valid credit card number.",
    "invalid_expiry_month": "Your card's expiration month is invalid.",
    "invalid_expiry_year": "Your card's expiration year is invalid.",
    "incorrect_zip": "The zip code you supplied failed validation.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "insufficient_funds": "Your card has insufficient funds.",
    "card_not_supported": "Your card does not support this type of purchase.",
    "currency_not_supported": "Your card does not support this currency.",
    "authentication_required": (
        "Your card was declined. This transaction requires authentication."
    ),
}
DECLINED = "Your card was declined."

# Declines that have a `code` of their own; all others are `card_declined` with a decline code.
OWN_CODES = frozenset(
    {
        "authentication_required",
        "expired_card",
        "incorrect_cvc",
        "incorrect_number",
        "incorrect_zip",
        "invalid_cvc",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "invalid_number",
        "processing_error",
    }
)

NEVER_RETRIED = frozenset(
    {
        "authentication_required",
        "incorrect_number",
        "lost_card",
        "pickup_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
        "transaction_not_allowed",
    }
)

ADVICE: dict[str, Advice] = {
    "approve_with_id": "try_again_later",
    "authentication_required": "try_again_later",
    "call_issuer": "try_again_later",
    "card_velocity_exceeded": "try_again_later",
    "do_not_honor": "try_again_later",
    "expired_card": "confirm_card_data",
    "fraudulent": "do_not_try_again",
    "generic_decline": "try_again_later",
    "incorrect_cvc": "confirm_card_data",
    "incorrect_number": "confirm_card_data",
    "incorrect_zip": "confirm_card_data",
    "insufficient_funds": "try_again_later",
    "invalid_account": "confirm_card_data",
    "invalid_cvc": "confirm_card_data",
    "invalid_expiry_month": "confirm_card_data",
    "invalid_expiry_year": "confirm_card_data",
    "invalid_number": "confirm_card_data",
    "issuer_not_available": "try_again_later",
    "lost_card": "do_not_try_again",
    "new_account_information_available": "confirm_card_data",
    "pickup_card": "do_not_try_again",
    "processing_error": "try_again_later",
    "reenter_transaction": "try_again_later",
    "restricted_card": "do_not_try_again",
    "revocation_of_all_authorizations": "do_not_try_again",
    "revocation_of_authorization": "do_not_try_again",
    "security_violation": "do_not_try_again",
    "stolen_card": "do_not_try_again",
    "stop_payment_order": "do_not_try_again",
    "transaction_not_allowed": "do_not_try_again",
    "try_again_later": "try_again_later",
    "withdrawal_count_limit_exceeded": "try_again_later",
}


@dataclass(frozen=True, kw_only=True)
class Decline:
    """One refusal, as the error, the charge and the payment intent tell it."""

    code: str
    decline_code: str | None = None
    advice_code: str | None = None
    is_blocked: bool = False

    @property
    def reason(self) -> str:
        return self.decline_code or self.code

    @property
    def message(self) -> str:
        return MESSAGES.get(self.reason, DECLINED)

    @property
    def is_hard(self) -> bool:
        """Whether Smart Retries holds back until there is another payment method."""
        return self.reason in NEVER_RETRIED or self.advice_code == "do_not_try_again"


def decline(reason: str, *, advice: str | None = None) -> Decline:
    """Word a refusal as a bank does in live mode, with a decline code in any case."""
    return Decline(
        code=reason if reason in OWN_CODES else "card_declined",
        decline_code=reason,
        advice_code=advice or ADVICE.get(reason),
    )


def test_card_decline(reason: str) -> Decline:
    """Word a refusal as test cards do: those with a code of their own carry no decline code."""
    return Decline(code=reason, advice_code=ADVICE.get(reason))
