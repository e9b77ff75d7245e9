"""Which customer shows which cause: for each that Stripe can tell, the state that leads to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prunella.cli.demo.residents import Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One root cause as the demo tells it; `state` is the sandbox's word for how one gets there."""

    name: str
    state: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    title: str
    causes: Sequence[Cause]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cause with the customer who has it."""

    cause: Cause
    resident: Resident


def _cause(name: str, title: str, text: str, *, state: str = "") -> Cause:
    return Cause(name=name, state=state or name, title=title, text=text)


GROUPS = (
    Group(
        title="The bank said no",
        causes=(
            _cause("insufficient_funds", "Not enough money", "May be tried again on another day"),
            _cause(
                "bank_declined",
                "No reason given",
                "A stolen card; nobody is told so",
                state="stolen_card",
            ),
            _cause(
                "card_data_wrong",
                "A wrong number on the card",
                "Tried again with the right one",
                state="incorrect_cvc",
            ),
            _cause("authentication_required", "The bank wants a yes", "One click leads there"),
            _cause("consent_withdrawn", "Consent was withdrawn", "They may have meant to leave"),
        ),
    ),
    Group(
        title="The card",
        causes=(
            _cause("payment_method_missing", "No card", "March could not be collected"),
            _cause("card_expired", "Expired", "March failed with it"),
            _cause("card_expiring", "Expires this month", "Told before it fails"),
        ),
    ),
    Group(
        title="The bill",
        causes=(
            _cause("invoice_overdue", "An invoice is overdue", "Sent in February, never paid"),
            _cause(
                "payment_link_expired",
                "A payment page has closed",
                "One click opens a new one",
                state="checkout_expired",
            ),
            _cause("payment_processing", "A payment is on its way", "Nobody pays twice"),
        ),
    ),
    Group(
        title="The plan",
        causes=(
            _cause("trial_ending", "A trial ends in two days", "And there is no card"),
            _cause(
                "subscription_incomplete",
                "A sign-up that stopped half-way",
                "The first payment is missing",
                state="signup_unfinished",
            ),
            _cause("subscription_past_due", "Late", "The card is new, and not yet tried"),
            _cause(
                "subscription_unpaid",
                "On hold",
                "Paying the newest bill revives it",
                state="billed_while_unpaid",
            ),
            _cause("subscription_paused", "Paused", "The trial ended without a card"),
            _cause("subscription_canceled", "Ended", "As they wished, in February"),
        ),
    ),
    Group(
        title="Money back",
        causes=(
            _cause(
                "duplicate_charge", "Paid twice", "One click sends one back", state="paid_twice"
            ),
            _cause(
                "invoice_miscalculated",
                "Billed too much",
                "Proven by their own bills; they choose money back or credit",
                state="billed_twice",
            ),
            _cause("refund_pending", "On its way back", "With the day it arrives"),
            _cause("refund_failed", "It came back to us", "A person finds another way"),
            _cause("dispute_open", "A bank asks for it back", "We wait for the bank"),
        ),
    ),
    Group(title="All is well", causes=(_cause("healthy", "Healthy", "Nothing to do, and why"),)),
)


def shown(residents: Sequence[Resident]) -> Iterator[tuple[str, list[Shown]]]:
    """Each group with one customer a cause. A cause that nobody has is left out."""
    first = {one["state"]: one for one in reversed(residents)}
    for group in GROUPS:
        found = [
            Shown(cause=cause, resident=first[cause.state])
            for cause in group.causes
            if cause.state in first
        ]
        if found:
            yield group.title, found
