"""What a rule is: its name, what it asks, and its words."""

from collections.abc import Callable
from dataclasses import dataclass

from prunella.actions.policy.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule says what has to be true. `about` are the kinds that it applies to, None all."""

    name: str
    kept: Callable[[Facts], bool]
    for_customer: str
    for_staff: str
    about: frozenset[str] | None = None
    a_person_may_lift: bool = False
