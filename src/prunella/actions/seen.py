"""What a look at Stripe can show."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Verdict = Literal["happened", "refused", "did_not_happen", "still_unclear"]
ALL_VERDICTS: frozenset[Verdict] = frozenset(get_args(Verdict))


@dataclass(frozen=True, slots=True)
class Seen:
    """What Stripe shows, and the ids and codes that it is shown by.

    `refused`: it was tried, and the answer was no. `pending` in the evidence: it is on its way.
    """

    verdict: Verdict
    evidence: dict[str, Any] = field(default_factory=dict)
