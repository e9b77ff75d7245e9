"""A verb worth an address: which method and path call which function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from prunella_sandbox.store import Obj

Verb = Callable[..., Obj]
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Route:
    """`path` names its ids in braces; they reach the verb as keyword arguments."""

    method: str
    path: str
    verb: Verb
    pattern: re.Pattern[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        pattern = PLACE.sub(r"(?P<\1>[^/]+)", self.path)
        object.__setattr__(self, "pattern", re.compile(f"^{pattern}$"))


@dataclass(frozen=True)
class Match:
    route: Route
    ids: dict[str, str]


class RouteTable:
    def __init__(self, routes: Iterable[Route]) -> None:
        self._fixed: dict[tuple[str, str], Route] = {}
        self._patterns: list[Route] = []
        for route in routes:
            if "{" in route.path:
                self._patterns.append(route)
            else:
                self._fixed[route.method, route.path] = route

    def match(self, method: str, path: str) -> Match | None:
        fixed = self._fixed.get((method, path))
        if fixed:
            return Match(fixed, {})
        for route in self._patterns:
            found = route.pattern.match(path) if route.method == method else None
            if found:
                return Match(route, found.groupdict())
        return None
