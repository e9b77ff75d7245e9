"""What a bank's no means: its class, what may be told, and whether trying again can help.

The table is Stripe's (docs.stripe.com/declines/codes), in classes of our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from prunella.diagnostics.facts import Attempt

DeclineClass = Literal[
    "hard",
    "conceal",
    "needs_customer",
    "consent_withdrawn",
    "card_data",
    "soft",
    "transient",
    "special",
    "card_present",
]
DeclineCause = Literal[
    "bank_declined",
    "card_expired",
    "card_data_wrong",
    "insufficient_funds",
    "authentication_required",
    "consent_withdrawn",
]
# How a retry on the same data may be spaced; `never` covers a click of the customer as well.
RetryPace = Literal["never", "days_apart", "sparse", "soon"]
# Which words of the catalogue tell the customer.
Telling = Literal[
    "concealed",
    "authentication",
    "consent",
    "expired",
    "card_data",
    "hard",
    "funds",
    "limit",
    "generic",
    "transient",
    "special",
    "card_present",
]


@dataclass(frozen=True, kw_only=True)
class Decline:
    """`alert` asks a person of ours to look: the code is not in the table."""

    code: str
    decline_class: DeclineClass
    root_cause: DeclineCause
    telling: Telling
    retry: RetryPace = "never"
    stripe_never_retries: bool = False
    alert: bool = False

    @property
    def retry_allowed(self) -> bool:
        return self.retry != "never"

    @property
    def concealed(self) -> bool:
        return self.decline_class == "conceal"

    @property
    def shown_class(self) -> str:
        """The class as anyone outside may read it: that something is concealed is concealed."""
        return "hard" if self.concealed else self.decline_class

    @property
    def shown_code(self) -> str | None:
        return None if self.concealed or self.alert else self.code


def _group(
    codes: str,
    *,
    decline_class: DeclineClass,
    telling: Telling,
    root_cause: DeclineCause = "bank_declined",
    retry: RetryPace = "never",
) -> dict[str, Decline]:
    """`*` marks what Stripe itself never retries."""
    return {
        code.rstrip("*"): Decline(
            code=code.rstrip("*"),
            decline_class=decline_class,
            root_cause=root_cause,
            telling=telling,
            retry=retry,
            stripe_never_retries=code.endswith("*"),
        )
        for code in codes.split()
    }


DECLINES: Mapping[str, Decline] = {
    **_group(
        "fraudulent lost_card* stolen_card* merchant_blacklist "
        "pickup_card* restricted_card security_violation",
        decline_class="conceal",
        telling="concealed",
    ),
    **_group(
        "authentication_required* authentication_not_handled mobile_device_authentication_required",
        decline_class="needs_customer",
        telling="authentication",
        root_cause="authentication_required",
    ),
    **_group(
        "revocation_of_authorization* revocation_of_all_authorizations* stop_payment_order",
        decline_class="consent_withdrawn",
        telling="consent",
        root_cause="consent_withdrawn",
    ),
    **_group(
        "expired_card",
        decline_class="card_data",
        telling="expired",
        root_cause="card_expired",
    ),
    **_group(
        "incorrect_number* invalid_number incorrect_cvc invalid_cvc incorrect_zip "
        "incorrect_address invalid_expiry_month invalid_expiry_year",
        decline_class="card_data",
        telling="card_data",
        root_cause="card_data_wrong",
    ),
    **_group(
        "transaction_not_allowed* invalid_account new_account_information_available "
        "card_not_supported currency_not_supported not_permitted service_not_allowed "
        "do_not_try_again",
        decline_class="hard",
        telling="hard",
    ),
    **_group(
        "insufficient_funds",
        decline_class="soft",
        telling="funds",
        root_cause="insufficient_funds",
        retry="days_apart",
    ),
    **_group(
        "card_velocity_exceeded withdrawal_count_limit_exceeded",
        decline_class="soft",
        telling="limit",
        root_cause="insufficient_funds",
        retry="days_apart",
    ),
    **_group(
        "generic_decline do_not_honor call_issuer no_action_taken try_again_later",
        decline_class="soft",
        telling="generic",
        retry="sparse",
    ),
    **_group(
        "processing_error issuer_not_available reenter_transaction approve_with_id",
        decline_class="transient",
        telling="transient",
        retry="soon",
    ),
    **_group(
        "duplicate_transaction invalid_amount testmode_decline",
        decline_class="special",
        telling="special",
    ),
    **_group(
        "incorrect_pin invalid_pin pin_try_exceeded offline_pin_required "
        "online_or_offline_pin_required",
        decline_class="card_present",
        telling="card_present",
    ),
}

# Error codes that say the same as a decline code, where no decline code comes with them.
_SAME_AS: Mapping[str, str] = {
    "card_declined": "generic_decline",
    "payment_method_provider_decline": "generic_decline",
    "card_decline_rate_limit_exceeded": "do_not_try_again",
    "payment_intent_authentication_failure": "authentication_not_handled",
    "setup_intent_authentication_failure": "authentication_not_handled",
    "invoice_payment_intent_requires_action": "authentication_required",
    "subscription_payment_intent_requires_action": "authentication_required",
    "payment_method_customer_decline": "authentication_not_handled",
    "account_closed": "invalid_account",
    "no_account": "invalid_account",
    "debit_not_authorized": "revocation_of_authorization",
}


def decline_of(attempt: Attempt) -> Decline:
    """Judge one failed attempt. Advice outranks the code, except where the reason is concealed."""
    decline = _by_code(attempt)
    if attempt.outcome_type == "blocked" and decline.telling == "generic":
        # No bank was asked, so neither calling it nor trying again helps; say no more than that.
        blocked = DECLINES["fraudulent"]
        return replace(blocked, alert=decline.alert)
    return _advised(decline, attempt.advice_code)


def _by_code(attempt: Attempt) -> Decline:
    """The decline code when we know it, else the code: an expired card may carry only that."""
    given = [code for code in (attempt.decline_code, attempt.code) if code]
    if attempt.outcome == "requires_action":
        given = ["authentication_required"]
    known = [DECLINES[code] for code in given if code in DECLINES]
    if known:
        return known[0]
    unknown = attempt.decline_code or attempt.code
    alike = _SAME_AS.get(unknown or "card_declined")
    if alike:
        return DECLINES[alike]
    return replace(DECLINES["generic_decline"], code=unknown or "", alert=True)


def _advised(decline: Decline, advice: str | None) -> Decline:
    if decline.decline_class in {"conceal", "consent_withdrawn", "needs_customer"}:
        return decline
    if advice == "do_not_try_again":
        return _not_again(decline)
    if advice == "confirm_card_data":
        return _check_the_card(decline)
    if advice == "try_again_later" and decline.decline_class == "hard":
        return _later(decline)
    return decline


def _not_again(decline: Decline) -> Decline:
    """The reason stays what it was; that this card is done is what the advice adds."""
    told: Telling = "hard" if decline.telling in {"generic", "transient"} else decline.telling
    shown: DeclineClass = decline.decline_class
    if shown in {"soft", "transient"}:
        shown = "hard"
    return replace(decline, decline_class=shown, telling=told, retry="never")


def _check_the_card(decline: Decline) -> Decline:
    if decline.decline_class == "card_data":
        return decline
    return replace(
        decline,
        decline_class="card_data",
        root_cause="card_data_wrong",
        telling="card_data",
        retry="never",
    )


def _later(decline: Decline) -> Decline:
    if decline.stripe_never_retries or decline.code == "do_not_try_again":
        return decline
    return replace(decline, decline_class="soft", telling="generic", retry="sparse")
