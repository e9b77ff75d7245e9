"""What is true about a customer: facts are gathered, then judged."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from prunella.diagnostics.alarm import Alarm
from prunella.diagnostics.diagnose import diagnose
from prunella.diagnostics.duplicates import compared
from prunella.diagnostics.explain import Explanation, KnownFact, Verdict, explain
from prunella.diagnostics.facts import Access, Entitlement, Facts
from prunella.diagnostics.findings import Check, Diagnosis, Finding, FixName, FixOffer
from prunella.diagnostics.gather import entitlement_of, gather
from prunella.diagnostics.possible import POSSIBLE
from prunella.diagnostics.wording import WordingError, Words
from prunella.kit.house import Tx
from prunella.people import Customer

__all__ = [
    "POSSIBLE",
    "Access",
    "Alarm",
    "Check",
    "Diagnosis",
    "Diagnostics",
    "Entitlement",
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
    "entitlement_of",
    "explain",
    "gather",
]


AsksPerson = Callable[[Tx, Customer, str], Awaitable[bool]]
"""Whether a person would decide about sending this charge back."""


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Gather, then judge. `words` is the message catalogue that the answer is told in.

    `possible` are the fixes that this installation can carry out; `alarm` hears of what is new;
    `asks_person` says ahead what policy would decide.
    """

    words: Words
    possible: frozenset[FixName] = POSSIBLE
    alarm: Alarm = field(default_factory=Alarm)
    asks_person: AsksPerson | None = None

    async def gather(self, tx: Tx, customer: Customer) -> Facts:
        """Everything a judgement may look at, what policy would decide included."""
        facts = await gather(tx, customer)
        if self.asks_person is None:
            return facts
        twice = [one.taken.charge for one in compared(facts) if one.twice]
        asks = [charge for charge in twice if await self.asks_person(tx, customer, charge)]
        return replace(facts, asks_person=frozenset(asks))

    async def of(self, tx: Tx, customer: Customer, words: Words | None = None) -> Diagnosis:
        """Return the diagnosis, in other words than the first language's if such are given."""
        return self.told(await self.gather(tx, customer), words)

    def told(self, facts: Facts, words: Words | None = None) -> Diagnosis:
        """Judge what was gathered for a customer."""
        self.alarm.hear(facts)
        return diagnose(facts, words or self.words, self.possible)

    async def explain(self, tx: Tx, customer: Customer) -> Explanation:
        """How the diagnosis comes about; for staff alone."""
        return explain(await self.gather(tx, customer), self.words, self.possible)
