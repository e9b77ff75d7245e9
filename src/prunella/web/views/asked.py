"""What was asked for, in words: the amount, the reason, the rules, and what they looked at."""

from collections.abc import Iterator

from prunella.actions import Action, Policy
from prunella.actions.policy import Facts
from prunella.kit.money import Money
from prunella.web.views.desk import State
from prunella.web.views.saying import Saying


def title_of(action: Action, saying: Saying) -> str:
    amount = amount_of(action, saying)
    kind = saying.say(f"page.kind.{action.kind}")
    return saying.say("page.approval.titled", kind=kind, amount=amount) if amount else kind


def reason_of(action: Action, saying: Saying) -> str:
    """What they chose as the reason, in words, and what they wrote beside it."""
    chosen, _, written = action.reason.partition(": ")
    for key in (f"page.choose.refund.why_{chosen}", f"page.approval.reason_{chosen}"):
        if key in saying.words.texts:
            return f"{saying.say(key)}. {written}".removesuffix(" ")
    return action.reason


def amount_of(action: Action, saying: Saying) -> str:
    if not action.amount or not action.currency:
        return ""
    return Money(action.amount, action.currency).format(saying.words.locale)


def rules_of(action: Action, policy: Policy, saying: Saying) -> Iterator[tuple[State, str, str]]:
    """The rules that were missed, in words; of an allowed request, how many it kept."""
    names = list(action.decision.get("rules") or ())
    if action.decision.get("verdict") == "allow":
        yield "ok", saying.say("page.approval.all_kept", count=len(names)), ", ".join(names)
        return
    known = {rule.name: rule for rule in policy.rules}
    for name in names:
        rule = known.get(name)
        words = rule.for_staff if rule else ""
        yield ("warn" if rule and rule.liftable else "bad"), words[:1].upper() + words[1:], name


def figures_of(facts: Facts, saying: Saying) -> Iterator[tuple[str, str]]:
    """What the rules looked at, as it is now."""
    charge, standing = facts.charge, facts.customer
    if charge:
        paid = Money(charge.captured, charge.currency).format(saying.words.locale)
        back = Money(charge.given_back, charge.currency).format(saying.words.locale)
        yield saying.say("page.approval.paid"), paid
        yield saying.say("page.approval.back"), back
        yield saying.say("page.approval.age"), days_of(charge.age_days, saying)
        yield saying.say("page.approval.twice"), _yes(saying, yes=charge.duplicate)
        yield from _proven(charge.overcharged, charge.currency, saying)
        yield saying.say("page.approval.disputed"), _yes(saying, yes=charge.disputed)
    if facts.invoice:
        yield from _proven(facts.invoice.overcharged, facts.invoice.currency, saying)
    if charge and standing:
        given = Money(standing.given, charge.currency).format(saying.words.locale)
        yield saying.say("page.approval.given"), given
        yield saying.say("page.approval.refunds"), str(standing.refunds)


def _proven(amount: int, currency: str, saying: Saying) -> Iterator[tuple[str, str]]:
    if amount:
        shown = Money(amount, currency).format(saying.words.locale)
        yield saying.say("page.approval.overcharged"), shown


def days_of(days: int, saying: Saying) -> str:
    return saying.say("page.approval.day" if days == 1 else "page.approval.days", n=days)


def _yes(saying: Saying, *, yes: bool) -> str:
    return saying.say("page.known.yes" if yes else "page.known.no")
