"""A rule held against one thing: what came of it, and why. Kept, so that it can be understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from prunella.diagnostics.findings import Finding

RuleName = Literal[
    "customer",
    "source",
    "open_invoice",
    "other_payment",
    "closed_page",
    "plan_late",
    "plan_paused",
    "plan_ended",
    "trial",
    "card_in_place",
    "charged_twice",
    "billed_too_much",
    "dispute",
    "refund",
    "access",
    "last_payment",
    "card_fine",
    "plan_fine",
]


@dataclass(frozen=True, kw_only=True)
class Looked:
    """`subject` is the id looked at; `because` a key under `why.` in the message catalogue."""

    rule: RuleName
    subject: str
    because: str
    finding: Finding | None = None

    @property
    def fired(self) -> bool:
        return self.finding is not None


def findings_in(looks: Iterable[Looked]) -> list[Finding]:
    return [look.finding for look in looks if look.finding is not None]


def plans_in(findings: Iterable[Finding]) -> set[str]:
    """The plans that these findings speak of."""
    return {finding.subscription for finding in findings if finding.subscription}
