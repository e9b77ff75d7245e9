"""`Idempotency-Key`: the same request is done once, however often it is sent."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Header

from prunella.kit.idempotency import MAX_KEY_LENGTH, recall, remember
from prunella.web.contract import NEEDED
from prunella.web.errors import BadRequestError, KeyMissingError
from prunella.web.visits import Call

MAX_NOTE = 500


async def optional_key(
    idempotency_key: Annotated[str | None, Header(max_length=MAX_KEY_LENGTH)] = None,
) -> str | None:
    if idempotency_key is not None and not idempotency_key.isprintable():
        raise BadRequestError
    return idempotency_key or None


async def required_key(
    idempotency_key: Annotated[
        str | None, Header(max_length=MAX_KEY_LENGTH, json_schema_extra={NEEDED: True})
    ] = None,
) -> str:
    key = await optional_key(idempotency_key)
    if key is None:
        raise KeyMissingError
    return key


OptionalKey = Annotated[str | None, Depends(optional_key)]
RequiredKey = Annotated[str, Depends(required_key)]


async def once(
    call: Call,
    key: str | None,
    request: Mapping[str, Any],
    do: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """Return what `do` returned for this key before, else do it now. Without a key, do it."""
    if key is None:
        return await do()
    scope = f"api:{call.actor}"
    known = await recall(call.tx, scope=scope, key=key, request=request)
    if known is not None:
        return known
    result = await do()
    await remember(call.tx, scope=scope, key=key, result=result)
    return result
