"""Faults on demand: what Stripe, or the way to it, does wrong, for the next so many requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["rate_limit", "error_before", "error_after", "timeout_after", "slow"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BEFORE: tuple[Kind, ...] = ("rate_limit", "error_before", "slow")
MAX_SECONDS = 600


@dataclass(frozen=True)
class Fault:
    """One kind of trouble for paths that contain `path`.

    `rate_limit`: 429, nothing is done. `error_before`: 500, nothing is done or remembered.
    `error_after`: it is done and committed, then 500, and the key replays that 500.
    `timeout_after`: it is done and committed, then the connection closes after `seconds` without
    an answer; the key replays the true result. `slow`: it begins only after `seconds`, and
    meanwhile its key is in use.
    """

    kind: Kind
    path: str = ""
    method: str = ""
    seconds: float = 0.0

    def concerns(self, method: str, path: str) -> bool:
        return self.path in path and self.method in {"", method}


class Faults:
    def __init__(self) -> None:
        self._left: list[tuple[Fault, int]] = []

    def add(self, fault: Fault, *, count: int) -> None:
        if count > 0:
            self._left.append((fault, count))

    def clear(self) -> None:
        self._left.clear()

    def take(self, method: str, path: str, *, of: tuple[Kind, ...]) -> Fault | None:
        """Use up one occurrence of the first fault that concerns this request."""
        for at, (fault, count) in enumerate(self._left):
            if fault.kind in of and fault.concerns(method, path):
                self._left[at] = (fault, count - 1)
                self._left = [entry for entry in self._left if entry[1] > 0]
                return fault
        return None

    def pending(self) -> list[dict[str, object]]:
        return [
            {"kind": fault.kind, "path": fault.path, "count": count} for fault, count in self._left
        ]
