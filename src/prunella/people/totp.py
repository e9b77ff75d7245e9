"""Codes of an authenticator app (RFC 6238): six digits every 30 seconds, good once."""

import hmac
from datetime import datetime

import pyotp
import segno

STEP_S = 30
DRIFT_STEPS = 1
"""A phone's clock may be this far off."""
DIGITS = 6
ISSUER = "Prunella"


class WrongCodeError(ValueError):
    """This code does not fit, or was used before. Wait for the next one in your app."""


def new_secret() -> str:
    """Return 160 random bits in base 32, as apps want them."""
    return pyotp.random_base32()


def step_of(code: str, *, secret: str, after: int, now: datetime) -> int | None:
    """Return the step that this code belongs to; None where it is wrong, or used before.

    A step up to `after` was used. Keep the one returned: a code works once. Pure.
    """
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    totp, today = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S), _step(now)
    for step in range(today - DRIFT_STEPS, today + DRIFT_STEPS + 1):
        if step > after and hmac.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def code_at(secret: str, now: datetime) -> str:
    """Return what an app shows then. Pure."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S).generate_otp(_step(now))


def address(secret: str, *, account: str) -> str:
    """Return what opens an app on the phone itself. Pure."""
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S, name=account, issuer=ISSUER)
    return totp.provisioning_uri()


def drawn(secret: str, *, account: str) -> str:
    """Return the QR code for an app, as an inline SVG of black on white. Pure."""
    code = segno.make(address(secret, account=account), error="m", micro=False)
    return code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)


def spelled(secret: str) -> str:
    """Return the secret in groups of four, for whoever has to type it. Pure."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_S
