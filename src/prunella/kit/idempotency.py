"""`Idempotency-Key` names a request: the same key gets the same answer."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from prunella.kit.house import Tx

MAX_KEY_LENGTH = 255

_CLAIM = """
insert into idempotency_keys (scope, key, fingerprint, created_at) values (%s, %s, %s, %s)
on conflict (scope, key) do nothing
"""
_FIND = "select fingerprint, result from idempotency_keys where scope = %s and key = %s"
_STORE = "update idempotency_keys set result = %s where scope = %s and key = %s"


class KeyReusedError(Exception):
    """This Idempotency-Key came with other parameters before. Use a new key for a new request."""


async def recall(
    tx: "Tx", *, scope: str, key: str, request: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Claim the key, or return what was stored for it.

    A second request that comes while the first is still open waits for its commit.
    `scope` is who asks, so that keys of different callers never meet.
    """
    fingerprint = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
    if await tx.execute(_CLAIM, (scope, key, fingerprint, tx.now)):
        return None
    row = await tx.one(_FIND, (scope, key))
    if row is None or row["fingerprint"] != fingerprint:
        raise KeyReusedError
    result: dict[str, Any] = row["result"]
    return result


async def is_first(tx: "Tx", *, scope: str, key: str) -> bool:
    """Claim a key of which nobody reads an answer. False where that was done before."""
    return bool(await tx.execute(_CLAIM, (scope, key, "", tx.now)))


async def remember(tx: "Tx", *, scope: str, key: str, result: Mapping[str, Any]) -> None:
    await tx.execute(_STORE, (Jsonb(dict(result)), scope, key))
