"""Secrets that we hand out: random, shown once, kept as a hash."""

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret(prefix: str) -> str:
    return f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"


def hash_of(secret: str) -> bytes:
    """SHA-256 is enough for a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()
