"""Tokens: a member's own, and bare ones for programs and for who has no other way in."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field

from prunella.people import scopes, staff, tokens
from prunella.people.tokens import Role, Token
from prunella.web.api.bodies import Body, Id, Line
from prunella.web.api.once import OptionalKey, once
from prunella.web.errors import ForbiddenError
from prunella.web.rendering import iso
from prunella.web.scopes import ScopeMissingError
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/tokens", tags=["tokens"])


class TokenBody(Body):
    """With a `role` a bare token, which only an admin makes; without, one that acts as you.

    Without `scopes`, it may what its role may.
    """

    name: Line
    role: Role | None = None
    scopes: Annotated[list[Id], Field(max_length=len(scopes.SCOPES) + 1, default_factory=list)]


@router.get("")
async def list_them(request: Request) -> dict[str, Any]:
    """List your own tokens; for an admin, the bare ones as well."""
    async with call(request) as here:
        here.must_be_staff()
        found = await tokens.of_member(here.tx, here.actor.id)
        if here.actor.role == "admin":
            found += await tokens.listed(here.tx)
        return {"data": [_json(one) for one in found], "next_cursor": None}


@router.post("", status_code=201)
async def create(request: Request, body: TokenBody, key: OptionalKey) -> dict[str, Any]:
    """Make a token. Its `secret` is in this answer and in no other."""
    secret = None
    async with call(request) as here:
        here.must_be_staff()
        await _must_not_widen(here, body)

        async def do() -> dict[str, Any]:
            nonlocal secret
            secret = await _made(here, body)
            held = await tokens.holder(here.tx, secret)
            return {"id": held.token if held else None}

        known = await once(here, key, body.model_dump(), do)
        token = await tokens.must_find(here.tx, known["id"])
        return _json(token) | {"secret": secret}


@router.delete("/{token}")
async def revoke(request: Request, token: str) -> dict[str, Any]:
    """End a token of yours; an admin ends anybody's."""
    async with call(request) as here:
        here.must_be_staff()
        await tokens.revoke_as(here.tx, token)
        return _json(await tokens.must_find(here.tx, token))


async def _made(here: Call, body: TokenBody) -> str:
    if body.role is not None:
        return await tokens.create(here.tx, name=body.name, role=body.role, scopes=body.scopes)
    return await tokens.create_own(here.tx, name=body.name, scopes=body.scopes)


async def _must_not_widen(here: Call, body: TokenBody) -> None:
    """A token makes none that may more than itself."""
    if body.role is None and await staff.find(here.tx, here.actor.id) is None:
        raise ForbiddenError
    wanted = scopes.checked_scopes(body.scopes)
    missing = scopes.allowed(body.role or here.actor.role, wanted) - here.scopes
    if missing:
        raise ScopeMissingError(min(missing))


def _json(token: Token) -> dict[str, Any]:
    words = {"id": token.id, "name": token.name, "role": token.role, "member": token.member}
    times = {name: iso(getattr(token, name)) or None for name in ("used_at", "revoked_at")}
    return {**words, "scopes": token.scopes, "created_at": iso(token.created_at), **times}
