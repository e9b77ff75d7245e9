"""One open invoice with what surrounds it, and the finding that it is late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prunella.diagnostics.facts import ChargedBy, Facts, Invoice, Subscription
from prunella.diagnostics.findings import Finding, FixName, FixOffer, Hurt, RootCause
from prunella.diagnostics.rules.failure import stopped
from prunella.diagnostics.voice import Voice


@dataclass(frozen=True, kw_only=True)
class Bill:
    facts: Facts
    voice: Voice
    invoice: Invoice

    @property
    def subscription(self) -> Subscription | None:
        return self.facts.subscription(self.invoice.subscription)

    @property
    def charged_by(self) -> ChargedBy | None:
        return self.facts.charged_for(self.invoice)

    @property
    def amount(self) -> str:
        return self.voice.amount(self.invoice.remaining)

    def tell(self, key: str, **values: str) -> str:
        """A sentence about this bill; `{bill}` and `{amount}` are known to it."""
        bill = self.voice.bill(self.invoice)
        return self.voice.say(key, bill=bill, amount=self.amount, **values)

    def offer(self, name: FixName, label: str, *, main: bool = False) -> FixOffer:
        return FixOffer(
            name=name,
            label=self.voice.say(label, amount=self.amount),
            main=main,
            invoice=self.invoice.id,
            subscription=self.invoice.subscription,
            charged_by=self.charged_by,
            amount=self.invoice.remaining,
        )

    def evidence(self) -> dict[str, Any]:
        remaining, subscription = self.invoice.remaining, self.subscription
        return {
            "invoice": self.invoice.id,
            "invoice_number": self.invoice.number,
            "subscription": self.invoice.subscription,
            "subscription_status": subscription.status if subscription else None,
            "amount": remaining.amount if remaining else None,
            "currency": remaining.currency if remaining else None,
            "at": self.invoice.due_at or self.invoice.finalized_at or self.invoice.created,
            "due_at": self.invoice.due_at,
            "link_expires_at": self.invoice.link_expires_at,
            "attempt_count": self.invoice.attempt_count,
            "charged_by": self.charged_by.field if self.charged_by else None,
        }

    def _meaning(self, hurt: Hurt) -> str:
        """That nothing was taken is worth saying where we tried."""
        consequence = self.voice.consequence(self.subscription)
        if hurt == "overdue" and consequence:
            return consequence
        return self.voice.nothing_taken(self.subscription)

    def mailed_again(self) -> tuple[FixOffer, ...]:
        """An invoice that the customer pays themselves can be sent to them once more."""
        if not self.invoice.sent_to_pay:
            return ()
        return (self.offer("resend_invoice", "fix.resend_invoice"),)

    def late(self, cause: RootCause, *, happened: str, fix: FixOffer, hurt: Hurt) -> Finding:
        return Finding(
            root_cause=cause,
            status="red",
            hurt="service_off" if stopped(self.subscription) else hurt,
            title=self.voice.say(f"title.{cause}"),
            happened=happened,
            means=self._meaning(hurt),
            todo=self.voice.say(f"todo.{cause}"),
            evidence=self.evidence(),
            offers=(fix, *self.mailed_again(), self.offer("talk_to_human", "fix.talk_to_human")),
            amount=self.invoice.remaining,
            at=self.invoice.due_at or self.invoice.finalized_at or self.invoice.created,
            invoice=self.invoice.id,
            subscription=self.invoice.subscription,
        )
