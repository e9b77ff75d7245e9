"""Writing the letters of a plan: what the diagnosis says now, in the customer's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prunella import cases, people
from prunella.cases import Contact, Letter, Letters, Message, language_of
from prunella.diagnostics import Diagnosis, Diagnostics, Finding, Words
from prunella.kit.house import Tx
from prunella.people import Customer


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes in every language there is: the templates, and the words of each."""

    letters: Letters
    languages: Mapping[str, Words]
    diagnostics: Diagnostics
    public_url: str

    def words_for(self, customer: Customer) -> Words:
        """Return the words in their language, else in the first one, and in their time zone."""
        words = self.languages.get(language_of(customer.locale), self.diagnostics.words)
        return words.in_zone(customer.time_zone)

    async def diagnosis(self, tx: Tx, customer: Customer) -> Diagnosis:
        return await self.diagnostics.of(tx, customer, self.words_for(customer))

    async def finding(self, tx: Tx, customer: Customer, about: str) -> Finding | None:
        """Look again: what was paid or withdrawn meanwhile has nothing to say."""
        diagnosis = await self.diagnosis(tx, customer)
        return next((one for one in diagnosis.problems if _is_about(one, about)), None)

    async def write(
        self,
        tx: Tx,
        customer: Customer,
        template: str,
        *,
        about: str,
        values: Mapping[str, str],
        contact: Contact,
        headers: Mapping[str, str] | None = None,
    ) -> Message:
        """Write one automatic letter. Raises `TooManyLettersError` beyond the cap."""
        token = await people.links.make(tx, customer=customer.id, subject=about)
        letter: Letter = self.letters.write(
            template,
            link=f"{self.public_url}/l/{token}",
            values={"name": customer.name, **values},
            locale=customer.locale,
        )
        return await cases.write_mail(
            tx, contact, to=customer.email or "", letter=letter, headers=headers
        )


def values_of(finding: Finding) -> dict[str, str]:
    """What a finding gives to a letter."""
    main = next((offer for offer in finding.offers if offer.main), finding.offers[0])
    return {
        "title": finding.title,
        "happened": finding.happened,
        "means": finding.means,
        "todo": finding.todo,
        "button": main.label,
    }


def day_of(words: Words, at: datetime, now: datetime) -> str:
    return words.day(at, now=now)


_ABOUT_PAID_MONEY = frozenset(
    {
        *("duplicate_charge", "invoice_miscalculated"),
        *("dispute_open", "refund_pending", "refund_failed"),
    }
)


def _is_about(finding: Finding, subject: str) -> bool:
    """What is wrong with money that was paid is no reason to ask for any."""
    if finding.root_cause in _ABOUT_PAID_MONEY:
        return False
    mine = subject == finding.invoice or any(one.target == subject for one in finding.offers)
    return mine and bool(finding.offers)
