"""The verdict on a request, with the rules behind it."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["allow", "deny", "needs_approval"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`rules` are those that were missed; of an allowed request, those that it kept.

    `explanation` is one thought for the customer, `explanation_for_staff` names every rule.
    """

    verdict: Verdict
    rules: tuple[str, ...]
    explanation: str
    explanation_for_staff: str
