"""Search, the part of its language that is one clause or several joined by AND.

Unlike Stripe's, which lags about a minute, it finds what was just written.
"""

from __future__ import annotations

import re

from prunella_sandbox.errors import InvalidParameterError
from prunella_sandbox.params import Params
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

CLAUSE = re.compile(
    r"""^(?P<field>\w+)(?:\[["'](?P<key>[^"']+)["']\])?(?P<how>[:~])["'](?P<value>[^"']*)["']$"""
)
DEFAULT_LIMIT = 10


def matching(world: World, kind: str, params: Params, *, url: str) -> Obj:
    clauses = [_read(text.strip()) for text in params.need_text("query").split(" AND ")]
    found = [
        obj
        for obj in world.newest_first(kind)
        if not obj.get("deleted") and all(_holds(obj, clause) for clause in clauses)
    ]
    start = params.integer("page") or 0
    limit = params.integer("limit") or DEFAULT_LIMIT
    has_more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": has_more,
        "next_page": str(start + limit) if has_more else None,
        "url": url,
    }


def _read(text: str) -> dict[str, str | None]:
    clause = CLAUSE.match(text)
    if clause is None:
        message = f"We were unable to parse your search query: {text}"
        raise InvalidParameterError(message=message, param="query")
    return clause.groupdict()


def _holds(obj: Obj, clause: dict[str, str | None]) -> bool:
    value = obj.get(clause["field"] or "")
    if clause["key"]:
        value = (value or {}).get(clause["key"])
    wanted = (clause["value"] or "").lower()
    text = str(value).lower() if value is not None else ""
    return wanted in text if clause["how"] == "~" else bool(text) and text == wanted
