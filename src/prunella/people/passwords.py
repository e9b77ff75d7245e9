"""Passwords: what a good one is, and argon2, which is slow on purpose and so runs in a thread."""

import asyncio
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 200
MIN_DIFFERENT = 5
AT_ONCE = 2
"""Each takes 64 MB and a processor for a moment: who tries many only makes themselves wait."""


class WeakPasswordError(ValueError):
    """Too easy to guess: take 12 characters or more, say four words, without your name."""


class Passwords:
    """The hasher, and how many may wait for it at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, normal(password))

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether this is the password. Where there is none to compare with, it takes as long."""
        if len(password) > MAX_LENGTH:
            return False
        async with self._turns:
            fits = await asyncio.to_thread(self._verify, kept or self._nobodys, normal(password))
        return fits and kept is not None

    def is_old(self, kept: str) -> bool:
        """Whether it was hashed with weaker parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def normal(password: str) -> str:
    """One character may be written in several ways: each keyboard has its own. Pure."""
    return unicodedata.normalize("NFKC", password)


def check_strength(password: str, *, about: Iterable[str]) -> None:
    """Refuse what is guessed first. `about`: what everybody knows of the person. Pure."""
    plain = normal(password)
    if not MIN_LENGTH <= len(plain) <= MAX_LENGTH or len(set(plain.lower())) < MIN_DIFFERENT:
        raise WeakPasswordError
    rest = plain.lower()
    for word in sorted((one.lower() for one in about if one), key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < MIN_LENGTH // 2:
        raise WeakPasswordError
