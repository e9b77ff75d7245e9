"""What is true about a customer: facts are gathered, then judged."""

from dataclasses import dataclass

from prunella.diagnostics.diagnose import diagnose
from prunella.diagnostics.explain import Explanation, KnownFact, Verdict, explain
from prunella.diagnostics.facts import Facts
from prunella.diagnostics.findings import Check, Diagnosis, Finding, FixName, FixOffer
from prunella.diagnostics.gather import gather
from prunella.diagnostics.possible import POSSIBLE
from prunella.diagnostics.wording import WordingError, Words
from prunella.kit.house import Tx
from prunella.people import Customer

__all__ = [
    "POSSIBLE",
    "Check",
    "Diagnosis",
    "Diagnostics",
    "Explanation",
    "Facts",
    "Finding",
    "FixName",
    "FixOffer",
    "KnownFact",
    "Verdict",
    "WordingError",
    "Words",
    "diagnose",
    "explain",
    "gather",
]


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Gather, then judge. `words` is the message catalogue that the answer is told in.

    `possible` are the fixes that this installation can carry out.
    """

    words: Words
    possible: frozenset[FixName] = POSSIBLE

    async def of(self, tx: Tx, customer: Customer) -> Diagnosis:
        return diagnose(await gather(tx, customer), self.words, self.possible)

    async def explain(self, tx: Tx, customer: Customer) -> Explanation:
        """How the diagnosis comes about; for staff alone."""
        return explain(await gather(tx, customer), self.words, self.possible)
