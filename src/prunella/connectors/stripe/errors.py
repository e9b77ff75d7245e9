"""What can go wrong when Stripe is asked; each error says whether trying again can help."""

from collections.abc import Callable, Mapping
from typing import ClassVar

import stripe


class StripeProblem(Exception):  # noqa: N818 the tree is named after what is wrong
    """Stripe could not do what it was asked."""

    can_retry: ClassVar[bool] = False

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)
        self.code = code


class StripeAway(StripeProblem):
    """Stripe cannot be used right now; what was asked is not at fault, and waits."""

    can_retry = True


class StripeUnreachable(StripeAway):
    """Stripe does not answer, or answers with an error of its own."""


class StripeRateLimited(StripeAway):
    """Stripe asks for fewer requests."""

    def __init__(
        self, message: str = "", *, code: str | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class StripeKeyRefused(StripeAway):
    """Stripe refuses the key: correct PRUNELLA_STRIPE_API_KEY or what the key may do."""


class StripeForbidden(StripeKeyRefused):
    """Stripe knows the key, but it may not read or do this: give it the permission."""


class StripeNotFound(StripeProblem):
    """Stripe has no such object."""


class StripeRefused(StripeProblem):
    """Stripe says that the request is wrong; the same request will be refused again."""


def code_of(error: stripe.StripeError) -> str | None:
    """Return the error's code. `error.code` is None on some classes; the error object has it."""
    return (error.error.code if error.error else None) or error.code


def retry_after_s(headers: Mapping[str, str] | None) -> float | None:
    """Seconds that a Retry-After header asks for; a date or nonsense counts as none."""
    text = (headers or {}).get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def problem_of(error: stripe.StripeError) -> StripeProblem:
    """Put the SDK's error into our tree."""
    if isinstance(error, stripe.APIConnectionError):
        why = type(error.__cause__).__name__ if error.__cause__ else ""
        return StripeUnreachable(f"Stripe does not answer ({why})." if why else "")
    code, message = code_of(error), error.user_message or ""
    if isinstance(error, stripe.RateLimitError) or code in {"rate_limit", "lock_timeout"}:
        return StripeRateLimited(message, code=code, retry_after_s=retry_after_s(error.headers))
    if code == "resource_missing":
        return StripeNotFound(message, code=code)
    if error.http_status == 404:  # noqa: PLR2004 an address that Stripe does not know, says nothing about the object
        return StripeRefused(message, code=code)
    return _BY_CLASS.get(type(error), StripeUnreachable)(message, code=code)


_BY_CLASS: Mapping[type[stripe.StripeError], Callable[..., StripeProblem]] = {
    stripe.AuthenticationError: StripeKeyRefused,
    stripe.PermissionError: StripeForbidden,
    stripe.InvalidRequestError: StripeRefused,
    stripe.IdempotencyError: StripeRefused,
    stripe.CardError: StripeRefused,
}
