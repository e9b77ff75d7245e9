"""What Stripe's errors say of a write: that it did not happen, that it may have, or a no."""

from collections.abc import Mapping
from typing import Any, Literal

import httpx
import stripe

from prunella.connectors.stripe.errors import code_of

RefusedClass = Literal["declined", "needs_customer", "refused", "key_refused", "changed"]


class WriteProblem(Exception):  # noqa: N818 the tree is named after what is wrong
    """Stripe did not do what it was asked."""


class Later(WriteProblem):
    """Certainly nothing happened; the same request may be sent again later."""


class Unsure(WriteProblem):
    """It may have happened: look before anything else.

    `answered`: Stripe has ended its work on the request, so nothing more can come of it by itself.
    `facts` are what is known already of something that is on its way.
    """

    def __init__(
        self, message: str, *, answered: bool = False, facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.answered = answered
        self.facts = dict(facts or {})


class Refused(WriteProblem):
    """Certainly not: Stripe or the bank said no."""

    def __init__(self, *, kind: RefusedClass, code: str | None = None, **facts: str | None) -> None:
        super().__init__(kind, code)
        self.kind = kind
        self.code = code
        self.facts = {name: value for name, value in facts.items() if value}


def problem_of_write(error: stripe.StripeError) -> WriteProblem:
    """Say whether it can have happened. What is not known for certain is `Unsure`."""
    code, status = code_of(error), error.http_status or 0
    match error:
        case stripe.APIConnectionError():
            return _not_connected(error)
        case stripe.RateLimitError():
            return Later("rate_limit")
        case stripe.CardError():
            return _declined(error, code)
        case stripe.AuthenticationError() | stripe.PermissionError():
            return Refused(kind="key_refused", code=code)
        case stripe.InvalidRequestError() if status != httpx.codes.CONFLICT:
            return _invalid(code)
    ended = status >= httpx.codes.INTERNAL_SERVER_ERROR
    return Unsure(code or f"status_{status}", answered=ended)


def _invalid(code: str | None) -> WriteProblem:
    if code in {"rate_limit", "lock_timeout"}:
        return Later(code)
    return Refused(kind="needs_customer" if code in _ASKS_CUSTOMER else "refused", code=code)


_ASKS_CUSTOMER = frozenset(
    {
        "authentication_required",
        "invoice_payment_intent_requires_action",
        "subscription_payment_intent_requires_action",
    }
)
# What fails before a request is on its way.
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def _not_connected(error: stripe.APIConnectionError) -> WriteProblem:
    if isinstance(error.__cause__, _BEFORE_SENDING):
        return Later("not_connected")
    return Unsure("connection_lost")


def _declined(error: stripe.CardError, code: str | None) -> Refused:
    body = error.json_body
    told = body.get("error", {}) if isinstance(body, dict) else {}
    intent = told.get("payment_intent") or {}
    decline_code = told.get("decline_code")
    asks = bool(_ASKS_CUSTOMER & {code, decline_code})
    return Refused(
        kind="needs_customer" if asks else "declined",
        code=code,
        decline_code=decline_code,
        advice_code=told.get("advice_code"),
        charge=told.get("charge") or _id_of(intent.get("latest_charge")),
        payment_intent=intent.get("id"),
    )


def _id_of(held: Any) -> str | None:
    """Return the id of what Stripe gave as an id or, expanded, as the object."""
    return held.get("id") if isinstance(held, dict) else held
