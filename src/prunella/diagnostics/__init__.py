"""What is true about a customer: facts are gathered, then judged."""

from dataclasses import dataclass

from prunella.diagnostics.diagnose import diagnose
from prunella.diagnostics.facts import Facts
from prunella.diagnostics.findings import Check, Diagnosis, Finding, FixOffer
from prunella.diagnostics.gather import gather
from prunella.diagnostics.wording import WordingError, Words
from prunella.kit.house import Tx
from prunella.people import Customer

__all__ = [
    "Check",
    "Diagnosis",
    "Diagnostics",
    "Facts",
    "Finding",
    "FixOffer",
    "WordingError",
    "Words",
    "diagnose",
    "gather",
]


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Gather, then judge. `words` is the message catalogue that the answer is told in."""

    words: Words

    async def of(self, tx: Tx, customer: Customer) -> Diagnosis:
        return diagnose(await gather(tx, customer), self.words)
