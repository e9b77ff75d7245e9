"""The `Stripe-Signature` header: system time and an HMAC over time and raw body."""

from __future__ import annotations

import hashlib
import hmac


def signature(body: bytes, *, secret: str, at: int) -> str:
    signed = f"{at}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
