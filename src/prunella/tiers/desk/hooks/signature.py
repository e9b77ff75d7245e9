"""Signing by the Standard Webhooks scheme: HMAC-SHA256 of id, time and body. Pure."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(delivery: str, body: str, *, keys: Sequence[str], at: datetime) -> dict[str, str]:
    """Return the headers; with two secrets both sign, so that the other side can change."""
    seconds = str(int(at.timestamp()))
    content = f"{delivery}.{seconds}.{body}".encode()
    return {
        "webhook-id": delivery,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{_of(content, key)}" for key in keys),
        "content-type": "application/json",
        "user-agent": "Prunella",
    }


def _of(content: bytes, key: str) -> str:
    secret = b64decode(key.removeprefix(PREFIX))
    return b64encode(hmac.digest(secret, content, "sha256")).decode()
