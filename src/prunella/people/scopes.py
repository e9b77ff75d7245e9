"""Scopes: what a token may at most. Its role narrows them further, never the other way."""

from collections.abc import Iterable

AREAS = ("actions", "audit", "cases", "customers", "desk", "hooks", "people", "tokens")
"""What the API is divided into; a route names its area with its tag.

`desk` is one's own: the views that somebody keeps, and what they are told. Whoever may look at
cases may set it for themselves.
"""
ALL = "*"
"""Everything that the role may, now and later."""
NONE: frozenset[str] = frozenset()
SCOPES = tuple(f"{area}:{what}" for area in AREAS for what in ("read", "write"))
_HOOKS = {"hooks:read", "hooks:write"}
_OF_SERVICES = frozenset(SCOPES) - {"people:write", "tokens:read", "tokens:write", *_HOOKS}
_READS = frozenset(scope for scope in SCOPES if scope.endswith(":read"))
_OF_VIEWERS = (_READS | {"desk:write"}) - _HOOKS
_OF_ADMINS = frozenset(SCOPES)
_OF_STAFF = _OF_ADMINS - {"people:write", *_HOOKS}
_OF_ROLE = {"admin": _OF_ADMINS, "viewer": _OF_VIEWERS, "service": _OF_SERVICES}


class UnknownScopeError(ValueError):
    """There is no such scope. A scope is like cases:read or actions:write, or * for all."""


def allowed(role: str, scopes: Iterable[str]) -> frozenset[str]:
    """Return what a token of this role may with these scopes. Pure."""
    of_role, named = _OF_ROLE.get(role, _OF_STAFF), frozenset(scopes)
    return of_role if ALL in named else of_role & named


def checked_scopes(scopes: Iterable[str]) -> list[str]:
    """Return them in order, each once; without any, all. Raises UnknownScopeError."""
    named = set(scopes) or {ALL}
    if ALL in named:
        named = {ALL}
    if unknown := named - {ALL, *SCOPES}:
        raise UnknownScopeError(min(unknown))
    return sorted(named)
