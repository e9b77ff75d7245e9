"""The facts about an account: labels and values, no sentences."""

from collections.abc import Iterator

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import PaymentMethod, Subscription
from prunella.people import FREE, Customer
from prunella.web.views.coming import next_payment
from prunella.web.views.saying import Saying

Fact = tuple[str, str]
INTERVALS = {"month", "year", "week", "day"}


def account(facts: Facts, customer: Customer, saying: Saying) -> list[Fact]:
    return [
        *_plan(facts, customer, saying),
        *_card(facts, saying),
        *([(saying.say("page.account.to"), facts.email)] if facts.email else []),
    ]


def _plan(facts: Facts, customer: Customer, saying: Saying) -> Iterator[Fact]:
    main = _main(facts)
    if customer.plan and (customer.plan != FREE or not main or main.running):
        yield saying.say("page.account.plan"), saying.say(f"page.account.{customer.plan}")
    if main and main.amount and main.interval in INTERVALS:
        label = saying.say(f"page.account.each_{main.interval}")
        yield label, main.amount.format(saying.words.locale)
    upcoming = next_payment(facts, main) if main and main.amount else None
    if upcoming:
        yield saying.say("page.account.next"), saying.day(upcoming)


def _card(facts: Facts, saying: Saying) -> Iterator[Fact]:
    main = _main(facts)
    charged = (main.charged_by if main else None) or facts.charged_by
    method = facts.method(charged.id) if charged else None
    if method and method.last4:
        yield saying.say("page.account.card"), _shown(method, saying)


def _shown(method: PaymentMethod, saying: Saying) -> str:
    if method.exp_month and method.exp_year:
        until = f"{method.exp_month:02}/{method.exp_year}"
        return saying.say("page.account.card_until", last4=method.last4 or "", until=until)
    return saying.say("page.account.ending", last4=method.last4 or "")


def _main(facts: Facts) -> Subscription | None:
    """The subscription that runs, else the newest."""
    return next((one for one in facts.subscriptions if one.running), None) or next(
        iter(facts.subscriptions), None
    )
