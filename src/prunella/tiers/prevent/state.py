"""How a failed invoice stands: whether its plan has to stop, and what the bank meant. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from prunella.cases import Case
from prunella.diagnostics import Facts
from prunella.diagnostics.facts import Invoice
from prunella.diagnostics.rules.failure import Failure, failure_of
from prunella.people import Customer
from prunella.tiers.prevent.dunning import ScheduleName, schedule_of
from prunella.tiers.prevent.plan import StopReason

_OVER: dict[str, StopReason] = {
    "paid": "paid",
    "void": "voided",
    "uncollectible": "uncollectible",
}
_PLAN_OVER = frozenset({"canceled", "incomplete_expired"})
_DISPUTE_OVER = frozenset({"won", "lost", "warning_closed", "prevented"})
_FAILED = frozenset({"failed", "requires_action"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is true about one invoice, as the mirror has it."""

    facts: Facts
    invoice: Invoice
    failure: Failure | None

    @property
    def decline_class(self) -> ScheduleName:
        """A failure that nothing is known of is a no without a reason."""
        return schedule_of(self.failure.decline.decline_class) if self.failure else "soft"

    @property
    def stripe_tries(self) -> bool:
        """Stripe has its next try planned, so it is not our turn."""
        return self.invoice.next_payment_attempt_at is not None

    def failed_before(self, moment: datetime) -> bool:
        """Whether its newest try failed, and that before this moment."""
        tries = list(self.facts.attempts_for(self.invoice))
        at = tries[-1].at if tries else self.invoice.created
        failed = tries[-1].outcome in _FAILED if tries else self.invoice.attempted
        return failed and at is not None and at <= moment

    @property
    def processing(self) -> bool:
        tries = list(self.facts.attempts_for(self.invoice))
        return bool(tries) and tries[-1].outcome == "processing"

    @property
    def may_try(self) -> bool:
        """Whether trying again can help, as far as we know; policy decides."""
        if self.failure is None or self.failure.charged_by is None:
            return False
        return self.failure.retry_allowed

    @property
    def new_card(self) -> bool:
        """A card is in place that was never asked for this."""
        return self.failure is not None and self.failure.card_changed


def standing_of(facts: Facts, invoice: str) -> Standing | None:
    """Return how the invoice stands; None when the mirror does not have it."""
    found = next((one for one in facts.invoices if one.id == invoice), None)
    if found is None:
        return None
    failed = [one for one in facts.attempts_for(found) if one.outcome in _FAILED]
    failure = failure_of(facts, failed[-1], invoice=found) if failed else None
    return Standing(facts, found, failure)


def stop_reason(standing: Standing, customer: Customer, cases: Iterable[Case]) -> StopReason | None:
    """Why the plan has to stop now, if it has to. Money first: what is paid needs no other word."""
    facts, invoice = standing.facts, standing.invoice
    settled = _settled(invoice)
    if settled:
        return settled
    if facts.deleted:
        return "customer_deleted"
    subscription = facts.subscription(invoice.subscription)
    if subscription and (subscription.status in _PLAN_OVER or subscription.ended_at):
        return "canceled"
    if any(one.status not in _DISPUTE_OVER for one in facts.disputes):
        return "disputed"
    taken = any(_is_about(case, invoice, customer) for case in cases)
    return "person" if taken else None


def _settled(invoice: Invoice) -> StopReason | None:
    if invoice.status in _OVER:
        return _OVER[invoice.status]
    if invoice.owed:
        return None
    return "paid" if invoice.status == "open" else "invoice_gone"


def _is_about(case: Case, invoice: Invoice, customer: Customer) -> bool:
    """Who has the customer as a whole, their plan or this invoice has taken over."""
    theirs = {"", customer.id, customer.stripe_customer, invoice.subscription}
    return case.about in theirs | {invoice.id}
