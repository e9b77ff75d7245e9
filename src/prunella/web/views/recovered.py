"""What recovery plans bring in, beside those who get Stripe's own tries alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from prunella.insight.economics import Arm, Recovered
from prunella.kit.money import Money
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True)
class Side:
    """One side's line: of how many invoices how many were paid, and how much that was."""

    name: str
    counts: str
    rate: str
    amount: str


@dataclass(frozen=True, slots=True)
class RecoveredPart:
    """Both sides in one currency, and in a sentence what the plans brought in."""

    currency: str
    sides: tuple[Side, ...]
    told: str


def recovered_parts(found: Sequence[Recovered], saying: Saying) -> list[RecoveredPart]:
    return [_part(one, saying) for one in found]


def _part(one: Recovered, saying: Saying) -> RecoveredPart:
    sides = (
        _side("treated", one.treated, one.currency, saying),
        _side("held_out", one.held_out, one.currency, saying),
    )
    return RecoveredPart(one.currency.upper(), sides, _told(one, saying))


def _side(name: str, arm: Arm, currency: str, saying: Saying) -> Side:
    return Side(
        name=saying.say(f"page.recovered.{name}"),
        counts=saying.say("page.recovered.of", paid=arm.paid, decided=arm.decided),
        rate=_percent(arm.rate) if arm.decided else saying.say("page.score.no_figure"),
        amount=Money(arm.amount_paid, currency).format(saying.words.locale),
    )


def _told(one: Recovered, saying: Saying) -> str:
    gained = one.because_of_plans
    if gained is None:
        return saying.say("page.recovered.too_few")
    return saying.say("page.recovered.gain", amount=gained)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.0f} %"
