"""What may be done without a person, in words, with what is used of it today."""

from collections.abc import Mapping
from dataclasses import dataclass

from prunella.actions.policy import WHOLE_DAY, Asker, Facts, Limits, used_of_day
from prunella.kit.money import Money
from prunella.web.views.asked import days_of
from prunella.web.views.desk import State
from prunella.web.views.saying import Saying

_MANY = 100
_NEARLY = 80
_AUTOMATIC = ("charge", "customer", "duplicate", "automatic_day")
_ROLES = ("agent", "csm", "finance", "lead")


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsShown:
    """`used` is what went out by itself in 24 hours, `share` how much of the limit that is."""

    automatic: list[tuple[str, str]]
    roles: list[tuple[str, str]]
    counts: list[tuple[str, str]]
    used: str
    share: int
    state: State


def limits_shown(limits: Limits, used: Mapping[str, int], saying: Saying) -> LimitsShown:
    today = Facts(kind="refund", asker=Asker(kind="system"), automatic_today=used)
    share = -(-used_of_day(today, limits) * _MANY // WHOLE_DAY)
    state: State = "bad" if share >= _MANY else "warn" if share >= _NEARLY else "ok"
    return LimitsShown(
        automatic=[_line(name, limits, saying) for name in _AUTOMATIC],
        roles=[_line(name, limits, saying) for name in _ROLES],
        counts=[
            (saying.say("page.limits.refunds"), str(limits.refunds_in_30_days)),
            (saying.say("page.limits.age"), days_of(limits.charge_age_days, saying)),
            (saying.say("page.limits.tries"), str(limits.tries_in_30_days)),
            (
                saying.say("page.limits.lapses"),
                _hours(int(limits.approval_lapses_after.total_seconds()) // 3600, saying),
            ),
        ],
        used=_amounts(used, saying) or saying.say("page.limits.nothing"),
        share=share,
        state=state,
    )


def _line(name: str, limits: Limits, saying: Saying) -> tuple[str, str]:
    amounts = _amounts(limits.amounts.get(name, {}), saying)
    return saying.say(f"page.limits.{name}"), amounts or saying.say("page.limits.always_a_person")


def _amounts(amounts: Mapping[str, int], saying: Saying) -> str:
    locale = saying.words.locale
    return ", ".join(Money(amount, one).format(locale) for one, amount in amounts.items())


def _hours(hours: int, saying: Saying) -> str:
    return saying.say("page.limits.hours", n=hours)
