"""The last recovery, once all is well again: told for some days, and folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from prunella.diagnostics import Facts
from prunella.tiers.prevent import Plan
from prunella.web.views.saying import Saying
from prunella.web.views.story import PAST_SHOWN, Step, Wrote, latest, what_happened

TOLD_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A bill that failed and was paid: its title, what was paid, and how it came to that."""

    title: str
    amount: str
    steps: list[Step]


def just_settled(plans: Sequence[Plan], now: datetime) -> Plan | None:
    """Return the plan whose bill was paid last, while that is still news. Pure."""
    paid = [one for one in plans if one.paid_at and one.paid_at > now - TOLD_FOR]
    return max(paid, key=lambda one: one.paid_at or now, default=None)


def settled(
    plan: Plan | None, facts: Facts, wrote: Sequence[Wrote], saying: Saying
) -> Settled | None:
    """Tell its whole story; None where there is none, or the bill is no longer known as paid."""
    invoice = latest(facts.invoices, plan.invoice) if plan else None
    if plan is None or invoice is None or invoice.status != "paid":
        return None
    named = invoice.number or saying.say("phrase.an_invoice")
    return Settled(
        title=saying.say("page.story.settled", invoice=named),
        amount=plan.amount.format(saying.words.locale),
        steps=what_happened(facts, invoice, wrote, saying)[-PAST_SHOWN:],
    )
