"""Stripe's errors, as the API words them.

`keeps_changes` tells whether what was written before the error stands: a decline leaves its failed
charge behind, everything else leaves nothing. `is_stored` tells whether an idempotency key
remembers the error: what failed before execution began is not remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

DOCS = "https://stripe.com/docs/error-codes/"


@dataclass
class StripeError(Exception):
    """Something went wrong on Stripe's end."""

    message: str
    code: str | None = None
    param: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    status: ClassVar[int] = 500
    type: ClassVar[str] = "api_error"
    keeps_changes: ClassVar[bool] = False
    is_stored: ClassVar[bool] = True

    def body(self) -> dict[str, Any]:
        known = {
            "code": self.code,
            "doc_url": DOCS + self.code.replace("_", "-") if self.code else None,
            "message": self.message,
            "param": self.param,
            "type": self.type,
        }
        return {"error": {key: value for key, value in known.items() if value} | self.extra}


class InvalidRequestError(StripeError):
    """The request does not fit the state of things."""

    status = 400
    type = "invalid_request_error"


class InvalidParameterError(InvalidRequestError):
    """The request could not be read; nothing was begun."""

    is_stored = False


class NotFoundError(InvalidRequestError):
    """There is no such object."""

    status = 404


class UnauthorizedError(StripeError):
    """No key, or one that is not a test key."""

    status = 401
    type = "invalid_request_error"
    is_stored = False


class CardDeclinedError(StripeError):
    """The bank said no."""

    status = 402
    type = "card_error"
    keeps_changes = True


class CardRefusedError(CardDeclinedError):
    """The card could not be stored; nothing else happened."""

    keeps_changes = False


class IdempotencyMismatchError(StripeError):
    """The key was used before for another request."""

    status = 400
    type = "idempotency_error"
    is_stored = False


class IdempotencyKeyInUseError(StripeError):
    """A request with this key is still running."""

    status = 409
    type = "idempotency_error"
    is_stored = False


class RateLimitedError(StripeError):
    """Too many requests."""

    status = 429
    type = "invalid_request_error"
    is_stored = False


class LinkExpiredError(StripeError):
    """This link has expired."""

    status = 410
    type = "invalid_request_error"


def no_such(*, kind: str, object_id: str, param: str | None) -> NotFoundError:
    name = kind.replace("_", " ").replace(".", " ")
    return NotFoundError(
        message=f"No such {name}: '{object_id}'", code="resource_missing", param=param or "id"
    )
