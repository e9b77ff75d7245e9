"""All the rules, in the order in which they are asked, each with its name and its words."""

from collections.abc import Callable

from prunella.actions.policy.facts import Facts, Payment
from prunella.actions.policy.kinds import POSSIBLE
from prunella.actions.policy.rule import Rule
from prunella.actions.policy.rules_account import ACCOUNT
from prunella.actions.policy.rules_refund import REFUND

MAX_TRIES_IN_30_DAYS = 15
"""Networks block after 15 to 35 retries in 30 days (facts of Stripe, "network limits")."""

_PAYING_PERSONS = frozenset({"owner", "billing"})
_ACTING_STAFF = frozenset({"admin", "lead", "agent", "csm", "finance"})
_BY_MAIL_LINK = frozenset({"retry_payment", "set_payment_method", "open_checkout"})
_CARD_FLOW = "payment_method_update"
_PAYMENT = frozenset({"retry_payment"})
_CHECKOUT = frozenset({"open_checkout"})


def _may_pay(facts: Facts) -> bool:
    match facts.asker.kind:
        case "customer":
            return facts.asker.role in _PAYING_PERSONS
        case "staff":
            return facts.asker.role in _ACTING_STAFF
        case kind:
            return kind in {"service", "system", "lee"}


def _within_the_link(facts: Facts) -> bool:
    if not facts.asker.by_mail_link or facts.kind in _BY_MAIL_LINK:
        return True
    return facts.kind == "open_portal" and facts.flow == _CARD_FLOW


def _of_payment(holds: Callable[[Payment], bool]) -> Callable[[Facts], bool]:
    """A payment that nothing is known of keeps no rule."""
    return lambda facts: facts.payment is not None and holds(facts.payment)


def _amount_matches(facts: Facts) -> bool:
    known = facts.payment
    return known is not None and facts.amount in {None, known.remaining}


def _currency_matches(facts: Facts) -> bool:
    known = facts.payment
    return known is not None and (facts.currency or known.currency).lower() == known.currency


def _in_turn(facts: Facts) -> bool:
    known = facts.payment
    return known is not None and not (facts.asker.automatic and known.retry_scheduled)


WHO_MAY: tuple[Rule, ...] = (
    Rule(
        name="who.may_pay",
        kept=_may_pay,
        for_customer="Only an owner or someone from billing may do this. Ask one of them.",
        for_staff="the person's role may look and ask, not pay or change.",
    ),
    Rule(
        name="who.mail_link",
        kept=_within_the_link,
        for_customer="The button in the mail may pay or update a card. Sign in for the rest.",
        for_staff="a session from a mail link may pay or update a card, nothing else.",
    ),
)
RULES: tuple[Rule, ...] = (
    Rule(
        name="kind.possible",
        kept=lambda facts: facts.kind in POSSIBLE,
        for_customer="This is not yet possible here. A person can do it for you.",
        for_staff="this kind of action is not yet possible here.",
    ),
    *WHO_MAY,
    Rule(
        name="payment.invoice_open",
        about=_PAYMENT,
        kept=_of_payment(lambda payment: payment.status == "open" and payment.remaining > 0),
        for_customer="There is nothing left to pay on this invoice.",
        for_staff="the invoice is not open, or nothing remains to be paid.",
    ),
    Rule(
        name="payment.amount",
        about=_PAYMENT,
        kept=_amount_matches,
        for_customer="The amount is not the one on the invoice.",
        for_staff="the amount asked for is not what remains on the invoice.",
    ),
    Rule(
        name="payment.currency",
        about=_PAYMENT,
        kept=_currency_matches,
        for_customer="The currency is not the one on the invoice.",
        for_staff="the currency asked for is not the invoice's.",
    ),
    Rule(
        name="payment.disputed",
        about=_PAYMENT,
        kept=_of_payment(lambda payment: not payment.disputed),
        for_customer="Your bank is still looking at this payment. A person takes care of it.",
        for_staff="a charge of this invoice is disputed.",
    ),
    Rule(
        name="payment.method_known",
        about=_PAYMENT,
        kept=_of_payment(lambda payment: payment.method_known),
        for_customer="There is no card to pay with yet. Add one first.",
        for_staff="no payment method is set on invoice, subscription or customer.",
    ),
    Rule(
        name="payment.needs_customer",
        about=_PAYMENT,
        kept=_of_payment(lambda payment: not payment.needs_customer),
        for_customer="Your bank wants you to confirm this payment. Confirm it on the invoice page.",
        for_staff="the bank wants the customer to confirm; sending it again cannot help.",
    ),
    Rule(
        name="payment.closed_by_bank",
        about=_PAYMENT,
        kept=_of_payment(lambda payment: not payment.closed_by_bank),
        for_customer="Your bank declined the payment. Use another payment method.",
        for_staff="the last no was final, and the payment method is unchanged.",
    ),
    Rule(
        name="payment.tries",
        about=_PAYMENT,
        kept=_of_payment(lambda payment: payment.tries < MAX_TRIES_IN_30_DAYS),
        for_customer="This card was tried too often lately. Use another payment method.",
        for_staff=f"{MAX_TRIES_IN_30_DAYS} tries in 30 days are used up, everyone's counted.",
    ),
    Rule(
        name="payment.in_turn",
        about=_PAYMENT,
        kept=_in_turn,
        for_customer="The payment is tried again by itself. You can also pay now.",
        for_staff="Stripe has its next try planned; until then only a person may ask for one.",
    ),
    Rule(
        name="checkout.expired",
        about=_CHECKOUT,
        kept=lambda facts: facts.checkout is None or facts.checkout.status == "expired",
        for_customer="The link you have still works, or was used already.",
        for_staff="only an expired Checkout session is made anew.",
    ),
    *ACCOUNT,
    *REFUND,
    Rule(
        name="automatic.running",
        kept=lambda facts: not (facts.asker.automatic and facts.automatic_stopped),
        for_customer="A person looks at this first.",
        for_staff="automatic actions are stopped.",
        a_person_may_lift=True,
    ),
)
