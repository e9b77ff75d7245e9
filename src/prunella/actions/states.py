"""The life of an action: which state may follow which. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

State = Literal[
    "requested",
    "denied",
    "awaiting_approval",
    "approved",
    "submitting",
    "succeeded",
    "failed",
    "unknown",
]

# From `approved` back to a person only where the brake was pulled before it was sent.
# From `submitting` back to `approved` only where it is certain that Stripe took nothing; from
# `unknown` only after Stripe was looked at and nothing was found.
NEXT: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        "requested": frozenset({"denied", "awaiting_approval", "approved"}),
        "awaiting_approval": frozenset({"approved", "denied"}),
        "approved": frozenset({"submitting", "awaiting_approval"}),
        "submitting": frozenset({"succeeded", "failed", "unknown", "approved"}),
        "unknown": frozenset({"succeeded", "failed", "approved"}),
        "denied": frozenset(),
        "succeeded": frozenset(),
        "failed": frozenset(),
    }
)
OPEN: frozenset[State] = frozenset(state for state, following in NEXT.items() if following)
SETTLED: frozenset[State] = frozenset(NEXT) - OPEN


class ForbiddenMoveError(Exception):
    """An action cannot go from this state to that one."""


def check_move(before: State, after: State) -> None:
    if after not in NEXT[before]:
        message = f"{before} -> {after}"
        raise ForbiddenMoveError(message)
