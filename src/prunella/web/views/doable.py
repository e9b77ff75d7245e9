"""What a colleague can have done at Stripe for a customer, besides giving money. Pure.

Each choice is a request that can be made as things stand; what policy says of it comes later.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prunella.diagnostics import Facts
from prunella.diagnostics.facts import Access, Invoice, PaymentMethod, Subscription
from prunella.kit.money import Money
from prunella.people.plans import PlanPrice
from prunella.web.views.choosing import how_to_go_on, interval, plan_name
from prunella.web.views.saying import Saying

MOST = 12
DETAILS, PLAN = "update_billing_details", "change_plan"
GIVES_UP = frozenset({"void_invoice", "cancel_subscription"})
"""What ends something: its button says so by its colour, too."""
_BILLED = frozenset({"open", "paid", "uncollectible"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`amount` is what was shown of it; what comes to another one by then is another choice."""

    target: str
    words: str
    detail: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    amount: Money | None = None

    @property
    def value(self) -> str:
        """Its name in a form."""
        shown = (f"{self.amount.amount}{self.amount.currency}",) if self.amount else ()
        return "|".join((self.target, *self.params.values(), *shown))


@dataclass(frozen=True, slots=True)
class Known:
    """What choices are made of. `account` is the customer at Stripe; `prices` are what is sold."""

    account: str
    facts: Facts
    saying: Saying
    prices: Sequence[PlanPrice] = ()


def kinds_for(known: Known) -> list[str]:
    """Return the kinds of which there is something to choose, in the order of a menu."""
    return [kind for kind, found in CHOICES.items() if next(found(known), None)]


def choices_of(kind: str, known: Known) -> list[Choice]:
    found = list(CHOICES[kind](known))
    return found[:MOST]


def label_of(kind: str, facts: Facts, saying: Saying) -> str:
    """What they use is added to or taken away: that is two things to whoever reads it."""
    if kind == "sync_entitlement" and facts.entitlement and facts.entitlement.differs:
        return saying.say(f"page.do.{facts.entitlement.compared}")
    return saying.say(f"page.kind.{kind}")


def _details(known: Known) -> Iterator[Choice]:
    yield Choice(target=known.account, words="")


def _plans(known: Known) -> Iterator[Choice]:
    """Another price for each plan that runs; without prices, one for each plan."""
    for plan in known.facts.subscriptions:
        if not plan.running:
            continue
        currency = plan.amount.currency if plan.amount else None
        for one in known.prices:
            if one.price != plan.price and one.amount.currency == currency:
                words = known.saying.say(
                    "page.choose.plan.row",
                    plan=plan_name(one.plan, known.saying),
                    amount=one.amount,
                    interval=interval(one.interval, known.saying),
                )
                yield Choice(target=plan.id, words=words, params={"price": one.price})
        if not known.prices:
            yield Choice(target=plan.id, words=plan_words(plan, known))


def _ways_on(known: Known) -> Iterator[Choice]:
    for plan in known.facts.subscriptions:
        how = how_to_go_on(plan)
        if how:
            detail = known.saying.say(f"page.do.resume_{'keep' if how == 'stay' else how}")
            yield Choice(
                target=plan.id, words=plan_words(plan, known), detail=detail, params={"how": how}
            )


def _ends(known: Known) -> Iterator[Choice]:
    for plan in known.facts.subscriptions:
        if plan.running and not plan.ending:
            yield _end(plan, "period_end", known)
        if plan.running or plan.status in {"paused", "unpaid"}:
            yield _end(plan, "now", known)


def _end(plan: Subscription, how: str, known: Known) -> Choice:
    ends = plan.next_payment_at if how == "period_end" else None
    if ends:
        detail = known.saying.say("page.do.ends_on", day=known.saying.day(ends))
    else:
        detail = known.saying.say(f"page.do.ends_{how}")
    return Choice(target=plan.id, words=plan_words(plan, known), detail=detail, params={"how": how})


def _cards(known: Known) -> Iterator[Choice]:
    """Where a card decides: for the account, and for a plan that has one of its own."""
    facts, say = known.facts, known.saying.say
    own = [(plan, card) for plan in facts.subscriptions if (card := _own_card(plan))]
    for method in _good(facts):
        words = card_words(method, known)
        if facts.charged_by is None or facts.charged_by.id != method.id:
            yield _card(known.account, words, say("page.do.card_account"), method)
        for plan, now in own:
            if now != method.id:
                told = say("page.do.card_plan", plan=plan_words(plan, known))
                yield _card(plan.id, words, told, method)


def _card(target: str, words: str, detail: str, method: PaymentMethod) -> Choice:
    params = {"payment_method": str(method.id)}
    return Choice(target=target, words=words, detail=detail, params=params)


def _tries(known: Known) -> Iterator[Choice]:
    """What is owed, with the card in place first, then with each other one."""
    facts, say = known.facts, known.saying.say
    for one in _newest(facts):
        if not one.owed:
            continue
        charged = facts.charged_for(one)
        words = invoice_words(one, one.remaining, known)
        now = facts.method(charged.id) if charged else None
        if now:
            told = say("page.do.with_card", card=card_words(now, known))
            yield Choice(target=one.id, words=words, detail=told)
        for method in _good(facts):
            if now is None or method.id != now.id:
                told = say("page.do.with_card", card=card_words(method, known))
                yield _card(one.id, words, told, method)


def _owed(known: Known) -> Iterator[Choice]:
    for one in _newest(known.facts):
        if one.owed and one.sent_to_pay:
            yield Choice(target=one.id, words=invoice_words(one, one.remaining, known))


def _open(known: Known) -> Iterator[Choice]:
    for one in _newest(known.facts):
        if one.status in {"open", "uncollectible"} and one.remaining and one.remaining.amount > 0:
            words = invoice_words(one, one.remaining, known)
            yield Choice(target=one.id, words=words, amount=one.remaining)


def _billed(known: Known) -> Iterator[Choice]:
    for one in _newest(known.facts):
        if one.status in _BILLED and one.total and one.total.amount >= 0:
            yield Choice(target=one.id, words=invoice_words(one, one.total, known))


def _creditable(known: Known) -> Iterator[Choice]:
    """Off an open bill it is less to pay; of a paid one it becomes credit."""
    for one in _newest(known.facts):
        if one.status not in {"open", "paid"} or not one.total or one.total.amount <= 0:
            continue
        how = "reduce" if one.status == "open" else "balance"
        words = invoice_words(one, one.total, known)
        detail = known.saying.say(f"page.do.credit_{how}")
        yield Choice(target=one.id, words=words, detail=detail, params={"how": how})


def _access(known: Known) -> Iterator[Choice]:
    held = known.facts.entitlement
    if held is None or not held.differs or held.paid is None or held.usable is None:
        return
    say = known.saying.say
    words = say(
        "page.do.access", paid=_access_words(held.paid, say), used=_access_words(held.usable, say)
    )
    yield Choice(target=known.account, words=words, detail=say(f"page.do.{held.compared}_text"))


CHOICES: Mapping[str, Callable[[Known], Iterator[Choice]]] = {
    PLAN: _plans,
    "resume_subscription": _ways_on,
    "cancel_subscription": _ends,
    DETAILS: _details,
    "set_payment_method": _cards,
    "retry_payment": _tries,
    "send_invoice": _owed,
    "credit_note": _creditable,
    "correct_invoice": _billed,
    "void_invoice": _open,
    "sync_entitlement": _access,
}
"""By kind, in the order of the menu. A page that only a customer can open is for none of us."""


def invoice_words(one: Invoice, amount: Money | None, known: Known) -> str:
    saying, begun = known.saying, one.finalized_at or one.created
    name = one.number or one.id
    shown = amount or one.remaining
    told = shown.format(saying.words.locale) if shown else ""
    day = saying.day(begun) if begun else ""
    word = saying.say(f"page.do.bill_{one.status}")
    return ", ".join(part for part in (name, day, told, word) if part)


def plan_words(plan: Subscription, known: Known) -> str:
    """By its name where plans.toml knows the price, and what it costs."""
    saying = known.saying
    price = next((one for one in known.prices if one.price == plan.price), None)
    name = plan_name(price.plan if price else None, saying)
    if plan.amount is None:
        return name
    each = interval(plan.interval, saying)
    return saying.say("page.choose.plan.each", plan=name, amount=plan.amount, interval=each)


def card_words(method: PaymentMethod, known: Known) -> str:
    brand = f"brand.{method.brand}"
    if method.last4 is None:
        return str(method.id)
    if brand in known.saying.words.texts:
        named = known.saying.say(brand)
        return known.saying.say("page.do.card_of_brand", brand=named, last4=method.last4)
    return known.saying.say("page.do.card", last4=method.last4)


def _newest(facts: Facts) -> Sequence[Invoice]:
    return facts.invoices[::-1]


def _good(facts: Facts) -> list[PaymentMethod]:
    return [one for one in facts.methods if one.id and not facts.expired(one)]


def _own_card(plan: Subscription) -> str:
    """The card that stands on the plan itself, empty where there is none."""
    by = plan.charged_by
    return by.id if plan.running and by and by.field.startswith("subscription.") else ""


def _access_words(access: Access, say: Callable[..., str]) -> str:
    if not access.level or access.plan is None:
        return say("page.do.access_nothing")
    name = say(f"page.account.{access.plan}")
    if access.quantity is None:
        return name
    return say("page.do.access_seats", plan=name, count=access.quantity)
