"""Tier 0: the customer hears of it from us, with the remedy, before they have to ask."""

from dataclasses import dataclass

from prunella import cases, people
from prunella.cases import Letter, Letters
from prunella.diagnostics import Diagnostics, Finding
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer

__all__ = ["Prevent"]


@dataclass(frozen=True, slots=True)
class Prevent:
    """Writes one letter for each failed payment: the reason, and one button that settles it."""

    diagnostics: Diagnostics
    letters: Letters
    public_url: str

    async def on_payment_failed(self, tx: Tx, event: Event) -> None:
        await self._write(tx, event, template="payment_failed")

    async def on_confirmation_needed(self, tx: Tx, event: Event) -> None:
        await self._write(tx, event, template="payment_action_required")

    async def on_checkout_expired(self, tx: Tx, event: Event) -> None:
        await self._write(tx, event, template="payment_link_expired")

    async def _write(self, tx: Tx, event: Event, *, template: str) -> None:
        """Look again: what was paid or withdrawn meanwhile needs no letter."""
        customer = await people.of_stripe(tx, event.data["customer"] or "")
        if customer is None or customer.email is None:
            return
        diagnosis = await self.diagnostics.of(tx, customer)
        about = (finding for finding in diagnosis.problems if _is_about(finding, event.subject))
        finding = next(about, None)
        if finding is None:
            return
        contact = await cases.contact_about(
            tx,
            customer.id,
            subject=event.subject,
            channel="mail",
            direction="outbound",
            tier="prevent",
        )
        if await cases.has_been_told(tx, contact):
            return
        letter = await self._letter(tx, customer, finding, about=event.subject, template=template)
        await cases.write_mail(tx, contact, to=customer.email, letter=letter)

    async def _letter(
        self, tx: Tx, customer: Customer, finding: Finding, *, about: str, template: str
    ) -> Letter:
        token = await people.links.make(tx, customer=customer.id, subject=about)
        main = next((offer for offer in finding.offers if offer.main), finding.offers[0])
        values = {
            "name": customer.name,
            "title": finding.title,
            "happened": finding.happened,
            "means": finding.means,
            "todo": finding.todo,
            "button": main.label,
        }
        return self.letters.write(template, link=f"{self.public_url}/l/{token}", values=values)


def _is_about(finding: Finding, subject: str) -> bool:
    return subject == finding.invoice or any(offer.target == subject for offer in finding.offers)
