"""Prefixed, time-ordered ids, as Stripe's: `case_01jndv6c9t…`."""

import os
import re
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
_LENGTH = 26
_RANDOM_BITS = 80
_SHAPE = re.compile(f"([a-z]+)_[{_ALPHABET}]{{{_LENGTH}}}")


def new_id(prefix: str) -> str:
    """Return `prefix_` and 26 characters: 48 bits of milliseconds, then 80 random ones."""
    number = (time.time_ns() // 1_000_000) << _RANDOM_BITS | int.from_bytes(os.urandom(10))
    digits = [_ALPHABET[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5)]
    return f"{prefix}_{''.join(digits)}"


def is_id(text: str, prefix: str) -> bool:
    """Whether this has the shape of an id with this prefix."""
    shape = _SHAPE.fullmatch(text)
    return shape is not None and shape[1] == prefix
