"""Any test key opens the sandbox; no key, or a live one, does not."""

from __future__ import annotations

import base64
import binascii

from prunella_sandbox.errors import UnauthorizedError

PREFIXES = ("sk_test_", "rk_test_")


def check_key(authorization: str | None) -> None:
    """Refuse a request without a test key.

    Raises:
        UnauthorizedError: there is none.
    """
    key = _key_of(authorization or "")
    if not key:
        message = (
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY')."
        )
        raise UnauthorizedError(message=message)
    if not key.startswith(PREFIXES):
        raise UnauthorizedError(message=f"Invalid API Key provided: {key[:8]}***", code=None)


def _key_of(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value).decode().split(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
