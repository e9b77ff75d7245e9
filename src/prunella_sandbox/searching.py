"""Search: `field:"value"`, `field~"part"`, `field>10`, `-field:"value"`, `field:null`.

Clauses are joined by AND or by OR, not by both. With the setting `search_lag_seconds` what was
created in the last so many seconds is not found yet; at Stripe that is about a minute.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from prunella_sandbox.errors import InvalidParameterError
from prunella_sandbox.params import Params
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

CLAUSE = re.compile(
    r"""^(?P<not>-)?(?P<field>[\w.]+)(?:\[["'](?P<key>[^"']+)["']\])?"""
    r"""(?P<how>>=|<=|[:~<>])(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+))$"""
)
COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
DEFAULT_LIMIT, MAX_LIMIT = 10, 100
Clause = dict[str, str | None]


def matching(world: World, params: Params, *, kind: str, url: str) -> Obj:
    """Answer one page of a search."""
    query = params.need_text("query")
    joins = all if " OR " not in query else any
    clauses = [_read(text.strip()) for text in re.split(r" (?:AND|OR) ", query)]
    known_by = world.clock.now() - world.settings.search_lag_seconds
    found = [
        obj
        for obj in world.newest_first(kind)
        if not obj.get("deleted")
        and obj["created"] <= known_by
        and joins(_holds(obj, clause) for clause in clauses)
    ]
    return _page(found, params, url=url)


def _page(found: list[Obj], params: Params, *, url: str) -> Obj:
    start = params.integer("page") or 0
    limit = params.integer("limit") or DEFAULT_LIMIT
    if not 1 <= limit <= MAX_LIMIT:
        raise params.invalid(name="limit", message=f"This value must be between 1 and {MAX_LIMIT}.")
    has_more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": has_more,
        "next_page": str(start + limit) if has_more else None,
        "url": url,
    }


def _read(text: str) -> Clause:
    clause = CLAUSE.match(text)
    if clause is None:
        message = f"We were unable to parse your search query: {text}"
        raise InvalidParameterError(message=message, param="query")
    return clause.groupdict()


def _holds(obj: Obj, clause: Clause) -> bool:
    is_so = _matches(_value(obj, clause), clause)
    return not is_so if clause["not"] else is_so


def _value(obj: Obj, clause: Clause) -> Any:
    value: Any = obj
    for name in (clause["field"] or "").split("."):
        value = value.get(name) if isinstance(value, dict) and name[:1] != "_" else None
    if clause["key"]:
        value = (value or {}).get(clause["key"])
    return value


def _matches(value: Any, clause: Clause) -> bool:
    if clause["bare"] == "null":
        return value is None
    wanted = clause["double"] or clause["single"] or clause["bare"] or ""
    if clause["how"] in COMPARE:
        return _compares(value, clause["how"] or "", wanted)
    text = str(value).lower() if value is not None else ""
    if clause["how"] == "~":
        return wanted.lower() in text
    return bool(text) and text == wanted.lower()


def _compares(value: Any, how: str, wanted: str) -> bool:
    try:
        return COMPARE[how](Decimal(str(value)), Decimal(wanted))
    except InvalidOperation:
        return False
