"""Which scope a call of the API needs: its area by the route's tag, read or write by its method.

Checked in one place for every call (visits.call). A route whose tag has no area here is closed.
"""

from collections.abc import Iterable
from typing import Any

from fastapi import Request

from prunella.people.scopes import AREAS
from prunella.web.errors import ForbiddenError

AREA_OF_TAG = (
    {area: area for area in AREAS}
    | dict.fromkeys(
        ("attachments", "macros", "presence", "route", "search", "sla", "stopped"), "cases"
    )
    | dict.fromkeys(("notifications", "views"), "desk")
)
"""What belongs to working on cases is one area, and one's own desk another, whatever their tags."""
OPEN_TAGS = frozenset({"operations", "webhooks"})
"""For machines that hold no token of ours: they sign, or ask whether we live."""
_READS = frozenset({"GET", "HEAD"})
_JUDGEMENTS = frozenset({"/v1/sla/due", "/v1/route", "/v1/quotes"})
"""Asked by POST, because the question is long; nothing is changed by it."""
_SCHEME = "bearer"
_DESCRIPTION = (
    "Staff and services show a token; its scopes, and its role, say what it may. "
    "A customer's program shows a JWT of the product, and sees what is that customer's alone."
)


class ScopeMissingError(ForbiddenError):
    """This token may not do this."""

    title = "This token may not do this"

    def __init__(self, scope: str) -> None:
        super().__init__(f"{ScopeMissingError.__doc__} It would need the scope {scope}.")


class NoAreaError(ForbiddenError):
    """This address is not open to anybody yet: nobody has said which scope it needs."""


def scope_of(*, tags: Iterable[str], method: str, path: str) -> str:
    """Return the scope that a route needs. Raises NoAreaError. Pure."""
    area = next((AREA_OF_TAG[tag] for tag in tags if tag in AREA_OF_TAG), None)
    if area is None:
        raise NoAreaError
    reads = method.upper() in _READS or path in _JUDGEMENTS
    return f"{area}:{'read' if reads else 'write'}"


def check_scope(request: Request, scopes: frozenset[str]) -> None:
    """Raises ScopeMissingError, NoAreaError."""
    route = request.scope.get("route")
    needed = scope_of(
        tags=getattr(route, "tags", ()), method=request.method, path=getattr(route, "path", "")
    )
    if needed not in scopes:
        raise ScopeMissingError(needed)


def tell_scopes(document: dict[str, Any]) -> None:
    """Say in the OpenAPI document which scope each operation needs."""
    bearer = {"type": "http", "scheme": "bearer", "description": _DESCRIPTION}
    document.setdefault("components", {})["securitySchemes"] = {_SCHEME: bearer}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tags = operation.get("tags", ())
            if not OPEN_TAGS.intersection(tags):
                scope = scope_of(tags=tags, method=method, path=path)
                operation["security"] = [{_SCHEME: [scope]}]
