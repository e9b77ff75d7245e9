"""Whose time it is: customers with a test clock live in that clock's time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from prunella_sandbox.ids import kind_of
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

KIND = "test_helpers.test_clock"


def clock_of(world: World, obj: Obj | None) -> Obj | None:
    """Find the test clock that an object, or the customer it belongs to, lives by."""
    if obj is None:
        return None
    owner = obj if obj["object"] == "customer" else world.find("customer", _owner(obj))
    return world.find(KIND, owner.get("test_clock")) if owner else None


def _owner(obj: Obj) -> str | None:
    owner = obj.get("customer")
    return owner if isinstance(owner, str) else None


def clock_of_request(world: World, ids: Iterable[str], params: dict[str, Any]) -> Obj | None:
    """Find the test clock of whatever a request names."""
    if not world.store.table(KIND):
        return None
    if "test_clock" in params:
        return world.find(KIND, str(params["test_clock"]))
    for name in (*ids, *_texts(params)):
        kind = kind_of(name)
        clock = clock_of(world, world.find(kind, name)) if kind else None
        if clock:
            return clock
    return None


def _texts(params: dict[str, Any]) -> Iterator[str]:
    """The texts among the parameters, one level deep."""
    for value in params.values():
        inner = value.values() if isinstance(value, dict) else (value,)
        yield from (text for text in inner if isinstance(text, str))


@contextmanager
def at_clock(world: World, clock: Obj | None) -> Iterator[None]:
    """Do something in a test clock's time; without a clock, in the world's."""
    if clock is None:
        yield
        return
    with world.clock.at(clock["frozen_time"]), world.agenda.in_lane(clock["id"]):
        yield


@contextmanager
def in_time_of(world: World, obj: Obj | None) -> Iterator[None]:
    with at_clock(world, clock_of(world, obj)):
        yield
