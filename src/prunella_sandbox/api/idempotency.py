"""Idempotency keys, as Stripe keeps them.

A key's result is stored in the transaction of what it did, so neither exists without the other,
and errors met while executing (a decline, a 500) are stored as well. Not stored: what failed
before execution began. Keys are forgotten after 24 hours of the sandbox's time.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from prunella_sandbox.errors import (
    IdempotencyKeyInUseError,
    IdempotencyMismatchError,
    InvalidParameterError,
)
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

TABLE = "_idempotency"
KEPT_SECONDS = 24 * 3600
MAX_LENGTH = 255
PRUNED_AT_ONCE = 8


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def stored(world: World, key: str, request: str) -> Obj | None:
    """Find the result of an earlier request with this key.

    Raises:
        IdempotencyMismatchError: the earlier request was another one.
        IdempotencyKeyInUseError: it is still running.
    """
    if len(key) > MAX_LENGTH:
        message = f"The Idempotency-Key is longer than {MAX_LENGTH} characters."
        raise InvalidParameterError(message=message)
    _prune(world)
    entry = world.store.get(TABLE, key)
    if entry is None or entry["at"] <= world.clock.now() - KEPT_SECONDS:
        return None
    if entry["request"] != request:
        message = (
            f"Keys for idempotent requests can only be used with the same parameters they were "
            f"first used with. Try using a key other than '{key}' if you meant to execute a "
            "different request."
        )
        raise IdempotencyMismatchError(message=message)
    if entry["status"] is None:
        message = (
            "There is currently another in-progress request using this Idempotent Key (that "
            "probably means you submitted twice, and the other request is still going through): "
            f"{key}. Please try again later."
        )
        raise IdempotencyKeyInUseError(message=message, code="idempotency_key_in_use")
    return entry


def begin(world: World, key: str, request: str) -> None:
    """Mark the key as in use by a request that takes a while."""
    world.store.put(TABLE, key, _entry(world, request, status=None, body=None))


def end(world: World, key: str) -> None:
    """Forget a key whose request never began."""
    entry = world.store.get(TABLE, key)
    if entry and entry["status"] is None:
        world.store.drop(TABLE, key)


def keep(world: World, key: str, request: str, *, status: int, body: bytes) -> None:
    world.store.drop(TABLE, key)
    world.store.put(TABLE, key, _entry(world, request, status=status, body=body))


def _entry(world: World, request: str, *, status: int | None, body: bytes | None) -> Obj:
    return {"at": world.clock.now(), "request": request, "status": status, "body": body}


def _prune(world: World) -> None:
    """Drop a few of the oldest keys that are too old; the table is in order of age."""
    oldest = world.clock.now() - KEPT_SECONDS
    table = world.store.table(TABLE)
    for _ in range(PRUNED_AT_ONCE):
        key = next(iter(table), None)
        if key is None or table[key]["at"] > oldest:
            return
        world.store.drop(TABLE, key)
