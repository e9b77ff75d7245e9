"""Lists as Stripe pages them: newest first, by cursor, filtered by equality and by time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from prunella_sandbox.errors import no_such
from prunella_sandbox.params import Params
from prunella_sandbox.rendering import list_of
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DEFAULT_LIMIT = 10
MAX_LIMIT = 100
OWNERS = frozenset({"charge", "customer", "invoice", "payment_intent"})
"""Fields by which an object belongs to another, so that a list of them is short."""
Test = Callable[[Obj], bool]


def page(
    world: World,
    kind: str,
    params: Params,
    *,
    url: str,
    equal: Iterable[str] = (),
    times: Iterable[str] = ("created",),
    where: Test | None = None,
    among: Iterable[Obj] | None = None,
) -> Obj:
    """Read one page of a kind.

    `equal` names parameters that must equal the field of the same name, `times` those that take
    `gt`, `gte`, `lt` and `lte`. `among` are the objects to choose from, newest first.
    """
    tests = [*_equalities(params, equal), *_ranges(params, times), *([where] if where else [])]
    candidates = (
        obj
        for obj in (_candidates(world, kind, params, equal) if among is None else among)
        if not obj.get("deleted") and all(test(obj) for test in tests)
    )
    return paged(candidates, params, url=url)


def _candidates(world: World, kind: str, params: Params, equal: Iterable[str]) -> Iterator[Obj]:
    """Go through those of one owner only, where an owner was asked for."""
    for name in equal:
        owner = params.text(name) if name in OWNERS else None
        if owner is not None:
            return world.newest_first_of(kind, name, owner)
    return world.newest_first(kind)


def paged(candidates: Iterable[Obj], params: Params, *, url: str) -> Obj:
    limit = _limit(params)
    after, before = params.text("starting_after"), params.text("ending_before")
    if before:
        earlier = list(_until(iter(candidates), before))
        return list_of(earlier[-limit:], url=url, has_more=len(earlier) > limit)
    rest = _after(iter(candidates), after) if after else iter(candidates)
    found = list(islice(rest, limit + 1))
    return list_of(found[:limit], url=url, has_more=len(found) > limit)


def _limit(params: Params) -> int:
    limit = params.integer("limit") if params.has("limit") else None
    if limit is not None and not 1 <= limit <= MAX_LIMIT:
        raise params.invalid(name="limit", message=f"This value must be between 1 and {MAX_LIMIT}.")
    return limit or DEFAULT_LIMIT


def _after(candidates: Iterator[Obj], cursor: str) -> Iterator[Obj]:
    for obj in candidates:
        if obj["id"] == cursor:
            return candidates
    raise no_such(kind="object", object_id=cursor, param="starting_after")


def _until(candidates: Iterator[Obj], cursor: str) -> Iterator[Obj]:
    for obj in candidates:
        if obj["id"] == cursor:
            return
        yield obj
    raise no_such(kind="object", object_id=cursor, param="ending_before")


def _equalities(params: Params, names: Iterable[str]) -> list[Test]:
    wanted = {name: params.text(name) for name in names}
    return [_equals(name, value) for name, value in wanted.items() if value is not None]


def _equals(name: str, value: str) -> Test:
    return lambda obj: obj.get(name) == value


def _ranges(params: Params, names: Iterable[str]) -> list[Test]:
    return [test for name in names if params.has(name) for test in _range(params, name)]


def _range(params: Params, name: str) -> list[Test]:
    if isinstance(params.raw(name), str):
        moment = params.need_integer(name)
        return [lambda obj: obj.get(name) == moment]
    bounds = params.nested(name)
    given = {bound: bounds.integer(bound) for bound in ("gt", "gte", "lt", "lte")}
    return [_bounded(name, bound, at) for bound, at in given.items() if at is not None]


def _bounded(name: str, bound: str, at: int) -> Test:
    compare: dict[str, Callable[[int], bool]] = {
        "gt": lambda value: value > at,
        "gte": lambda value: value >= at,
        "lt": lambda value: value < at,
        "lte": lambda value: value <= at,
    }
    return lambda obj: obj.get(name) is not None and compare[bound](obj[name])
