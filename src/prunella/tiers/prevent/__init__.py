"""Tier 0: the customer hears of it from us, with the remedy, before they have to ask."""

from dataclasses import dataclass

from prunella import cases, people
from prunella.cases import Letter
from prunella.diagnostics import Diagnostics, Finding
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Customer

__all__ = ["Prevent"]


@dataclass(frozen=True, slots=True)
class Prevent:
    """Writes one letter for each failed payment: the reason, and one button that settles it."""

    diagnostics: Diagnostics
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
        about = (f for f in diagnosis.problems if _is_about(f, event.subject))
        finding = next(about, None)
        if finding is None:
            return
        contact = await cases.contact_about(
            tx, customer=customer.id, subject=event.subject, channel="mail", tier="prevent"
        )
        if await contact.written_to(tx):
            return
        letter = await self._letter(tx, customer, finding, subject=event.subject, template=template)
        await contact.write(tx, letter)

    async def _letter(
        self, tx: Tx, customer: Customer, finding: Finding, *, subject: str, template: str
    ) -> Letter:
        token = await people.links.make(tx, customer=customer.id, subject=subject)
        main = next((offer for offer in finding.offers if offer.main), None)
        return Letter(
            to=customer.email or "",
            template=template,
            values={
                "name": customer.name,
                "title": finding.title,
                "happened": finding.happened,
                "means": finding.means,
                "todo": finding.todo,
                "button": main.label if main else "",
                "link": f"{self.public_url}/l/{token}",
            },
        )


def _is_about(finding: Finding, subject: str) -> bool:
    ids = {offer.target for offer in finding.offers}
    return subject in {finding.invoice, finding.evidence.get("checkout_session"), *ids}
