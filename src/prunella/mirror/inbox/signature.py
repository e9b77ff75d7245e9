"""Whether a body was signed by Stripe, and lately (docs.stripe.com/webhooks/signature)."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

TOLERANCE_S = 300
MAX_HEADER_LENGTH = 2_000
_SHOWN_DIGITS = 12


class BadSignatureError(Exception):
    """The Stripe-Signature header does not fit this body: it is missing, wrong or too old."""


def check_signature(
    raw_body: bytes, header: str | None, *, secrets: Sequence[str], now: datetime
) -> None:
    """Raise unless one v1 signature fits one secret and is at most 300 s old by system time."""
    timestamp, signatures = _parse(header or "")
    signed = b"%d." % timestamp + raw_body
    expected = [hmac.new(key.encode(), signed, hashlib.sha256).digest() for key in secrets]
    pairs = [(good, given) for good in expected for given in signatures]
    if not any([hmac.compare_digest(good, given) for good, given in pairs]):  # noqa: C419 every pair, always
        raise BadSignatureError
    if timestamp < now.timestamp() - TOLERANCE_S:
        raise BadSignatureError


def _parse(header: str) -> tuple[int, list[bytes]]:
    if len(header) > MAX_HEADER_LENGTH:
        raise BadSignatureError
    parts = [item.strip().partition("=") for item in header.split(",")]
    times = [value for key, _, value in parts if key == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()):
        raise BadSignatureError
    if len(times[0]) > _SHOWN_DIGITS:
        raise BadSignatureError
    try:
        return int(times[0]), [bytes.fromhex(value) for key, _, value in parts if key == "v1"]
    except ValueError:
        raise BadSignatureError from None
