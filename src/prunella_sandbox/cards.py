"""Stripe's documented test cards: number, PaymentMethod, and what happens when they are used.

Add a card by adding a line. `at_attach` is what happens when the card is stored with a customer,
`at_charge` when it is charged; `authentication` tells when the bank wants 3-D Secure: `always`, or
`unless_set_up` (a setup intent that was authenticated lets later off-session payments pass).
The card 4000 0000 0000 0341 is declined at the charge with `card_declined` and the decline code
`generic_decline`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from prunella_sandbox.declines import Decline, decline, test_card_decline

Authentication = Literal["never", "always", "unless_set_up"]
RefundOutcome = Literal["succeeded", "pending", "failed"]


@dataclass(frozen=True, kw_only=True)
class TestCard:
    """One documented card; `names` are its PaymentMethods and tokens without their prefix."""

    __test__ = False

    number: str
    names: tuple[str, ...]
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    at_attach: Decline | None = None
    at_charge: Decline | None = None
    authentication: Authentication = "never"
    refund: RefundOutcome = "succeeded"
    dispute: str | None = None
    is_inquiry: bool = False
    is_available_at_once: bool = False
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.number.encode()).hexdigest()[:16]
        object.__setattr__(self, "fingerprint", digest)

    @property
    def last4(self) -> str:
        return self.number[-4:]


def _good(number: str, *names: str, brand: str, funding: str = "credit") -> TestCard:
    return TestCard(number=number, names=names, brand=brand, funding=funding)


def _bad(number: str, name: str, refusal: Decline) -> TestCard:
    return TestCard(number=number, names=(name,), at_attach=refusal, at_charge=refusal)


def _asks(number: str, name: str, when: Authentication) -> TestCard:
    return TestCard(number=number, names=(name,), authentication=when)


CARDS: tuple[TestCard, ...] = (
    _good("4242424242424242", "visa", brand="visa"),
    _good("4000056655665556", "visa_debit", brand="visa", funding="debit"),
    _good("5555555555554444", "mastercard", brand="mastercard"),
    _good("5200828282828210", "mastercard_debit", brand="mastercard", funding="debit"),
    _good("5105105105105100", "mastercard_prepaid", brand="mastercard", funding="prepaid"),
    _good("378282246310005", "amex", brand="amex"),
    _good("6011111111111117", "discover", brand="discover"),
    _good("3056930009020004", "diners", brand="diners"),
    _good("3566002020360505", "jcb", brand="jcb"),
    _good("6200000000000005", "unionpay", brand="unionpay"),
    _bad("4000000000000002", "chargeDeclined", decline("generic_decline")),
    _bad("4000000000009995", "chargeDeclinedInsufficientFunds", decline("insufficient_funds")),
    _bad("4000000000009987", "chargeDeclinedLostCard", decline("lost_card")),
    _bad("4000000000009979", "chargeDeclinedStolenCard", decline("stolen_card")),
    _bad("4000000000000069", "chargeDeclinedExpiredCard", test_card_decline("expired_card")),
    _bad("4000000000000127", "chargeDeclinedIncorrectCvc", test_card_decline("incorrect_cvc")),
    _bad(
        "4000000000000119", "chargeDeclinedProcessingError", test_card_decline("processing_error")
    ),
    _bad(
        "4000000000006975",
        "chargeDeclinedVelocityLimitExceeded",
        decline("card_velocity_exceeded"),
    ),
    _bad(
        "4100000000000019",
        "radarBlock",
        Decline(
            code="card_declined",
            decline_code="fraudulent",
            advice_code="do_not_try_again",
            is_blocked=True,
        ),
    ),
    TestCard(
        number="4000000000000341",
        names=("chargeCustomerFail",),
        at_charge=decline("generic_decline"),
    ),
    _asks("4000002500003155", "authenticationRequiredOnSetup", "unless_set_up"),
    _asks("4000002760003184", "authenticationRequired", "always"),
    _asks("4000000000003220", "threeDSecure2Required", "always"),
    TestCard(
        number="4000008400001629",
        names=("authenticationRequiredChargeDeclined",),
        authentication="always",
        at_charge=decline("generic_decline"),
    ),
    TestCard(
        number="4000008260003178",
        names=("authenticationRequiredChargeDeclinedInsufficientFunds",),
        authentication="always",
        at_charge=decline("insufficient_funds"),
    ),
    TestCard(number="4000000000007726", names=("pendingRefund",), refund="pending"),
    TestCard(number="4000000000005126", names=("refundFail",), refund="failed"),
    TestCard(number="4000000000000077", names=("bypassPending",), is_available_at_once=True),
    TestCard(number="4000000000000259", names=("createDispute",), dispute="fraudulent"),
    TestCard(
        number="4000000000002685",
        names=("createDisputeProductNotReceived",),
        dispute="product_not_received",
    ),
    TestCard(
        number="4000000000001976",
        names=("createDisputeInquiry",),
        dispute="general",
        is_inquiry=True,
    ),
)

BY_NUMBER = {card.number: card for card in CARDS}
BY_NAME = {name: card for card in CARDS for name in card.names}


def card_of_name(name: str) -> TestCard | None:
    """Find the card behind `pm_card_visa` or `tok_visa`."""
    for prefix in ("pm_card_", "tok_"):
        if name.startswith(prefix):
            return BY_NAME.get(name.removeprefix(prefix))
    return None


def card_of_number(number: str) -> TestCard | None:
    return BY_NUMBER.get(number.replace(" ", "").replace("-", ""))
