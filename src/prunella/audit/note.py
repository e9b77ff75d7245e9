"""Signed notes (C2SP signed-note) with Ed25519: who signs, and who can tell."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME = "prunella.audit"
SEED_BYTES = 32
_ED25519 = b"\x01"
_DASH = "\u2014 "


class BadNoteError(ValueError):
    """This is no signed note of an audit log, or it was changed since it was signed."""


class BadKeyError(ValueError):
    """This is no key of an audit log. `prunella audit key` shows a public one."""


class UnknownKeyError(BadNoteError):
    """A key that is not known here signed this note."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key. Its text is C2SP's: name, hash and key, joined by plus signs."""

    public: bytes

    @property
    def hash(self) -> bytes:
        return sha256(f"{NAME}\n".encode() + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{NAME}+{self.hash.hex()}+{_text(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifyingKey":
        try:
            key = cls(_bytes(text.split("+", 2)[-1])[1:])
        except BadNoteError:
            raise BadKeyError from None
        if str(key) != text:
            raise BadKeyError
        return key

    def check(self, body: str, signature: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, body.encode())
        except (InvalidSignature, ValueError):
            raise BadNoteError from None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key. It never shows in a repr."""

    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of_seed(cls, seed: bytes) -> "SigningKey":
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def verifying(self) -> VerifyingKey:
        return VerifyingKey(self._private.public_key().public_bytes_raw())

    def sign(self, body: str) -> str:
        """Return the note: the body, an empty line, and the line of the signature."""
        signature = self.verifying.hash + self._private.sign(body.encode())
        return f"{body}\n{_DASH}{NAME} {_text(signature)}\n"


def read(note: str, keys: Iterable[VerifyingKey]) -> str:
    """Return the body of a note that one of these keys signed.

    Raises `BadNoteError` when a byte was changed, `UnknownKeyError` when another key signed it.
    """
    body, middle, end = note.rpartition(f"\n{_DASH}{NAME} ")
    if not middle or not end.endswith("\n"):
        raise BadNoteError
    signature = _bytes(end[:-1])
    for key in keys:
        if key.hash == signature[:4]:
            key.check(body, signature[4:])
            return body
    raise UnknownKeyError


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    """Decode base64 that was written in the one way that there is."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNoteError from None
    if _text(data) != text:
        raise BadNoteError
    return data
