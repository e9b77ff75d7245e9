"""The key that signs checkpoints: set, or made under the data folder at the first start."""

import base64
import binascii
import os
import secrets
from pathlib import Path

from prunella.audit.note import SEED_BYTES, SigningKey

KEY_FILE = "audit.key"


class SigningKeyError(Exception):
    """The audit log's key is no 32 bytes in base64. Make one with `openssl rand -base64 32`."""


def signing_key(text: str) -> SigningKey:
    """Read a key as it is set or stored."""
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise SigningKeyError from None
    if len(seed) != SEED_BYTES:
        raise SigningKeyError
    return SigningKey.of_seed(seed)


def find_key(folder: Path, setting: str | None) -> SigningKey | None:
    """Return the key that is set or stored here, if there is one."""
    if setting:
        return signing_key(setting)
    path = folder / KEY_FILE
    return signing_key(path.read_text()) if path.is_file() else None


def find_or_make_key(folder: Path, setting: str | None) -> SigningKey:
    """Return the key; where there is none, make one that only this user may read."""
    key = find_key(folder, setting)
    if key is not None:
        return key
    folder.mkdir(parents=True, exist_ok=True)
    mine = folder / f".{KEY_FILE}.{secrets.token_hex(8)}"
    with open(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 the mode has to be there from the start
        file.write(base64.b64encode(secrets.token_bytes(SEED_BYTES)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(mine, folder / KEY_FILE)
    except FileExistsError:
        pass  # another worker was first, and its key is ours
    finally:
        mine.unlink()
    return signing_key((folder / KEY_FILE).read_text())
