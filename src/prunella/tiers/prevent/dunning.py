"""What content/dunning.toml says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Literal, get_args

from prunella.cases import LetterRules
from prunella.diagnostics.declines import DeclineClass

ScheduleName = Literal[
    "soft", "transient", "hard", "needs_customer", "card_data", "consent_withdrawn", "special"
]
SCHEDULES: tuple[ScheduleName, ...] = get_args(ScheduleName)
AtCutOff = Literal["person", "stripe"]
NoticeKind = Literal["card_expiring", "trial_ending", "bill_unusual"]
AT_CUT_OFF: tuple[AtCutOff, ...] = get_args(AtCutOff)
NOTICES: tuple[NoticeKind, ...] = get_args(NoticeKind)
# What may be read by anyone: that a reason is concealed is itself concealed.
_AS: Mapping[str, ScheduleName] = {"conceal": "hard", "card_present": "hard"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The days of one kind of failure; tries count from when Stripe stopped, the rest from it."""

    letters: tuple[int, ...]
    tries: tuple[int, ...]
    cut_off_notice: int
    cut_off: int
    soon_hours: int | None = None
    person: int | None = None

    @property
    def notice_days(self) -> int:
        """How long before a cut-off its notice has to be out."""
        return self.cut_off - self.cut_off_notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Dunning:
    """The whole file. `digest` is that of the content it was read from.

    `at_cut_off` is what happens on the last day: a person is asked, or Stripe's own settings
    decide.
    """

    rules: LetterRules
    first_letter_waits: bool
    holdout_share: Decimal
    holdout_customers: int
    tries_at: time
    spread_days: int
    at_cut_off: AtCutOff
    schedules: Mapping[ScheduleName, Schedule]
    card_days: tuple[int, ...]
    unusual_factor: Decimal
    unusual_invoices: int
    unsubscribable: frozenset[NoticeKind]
    digest: str


def schedule_of(decline_class: DeclineClass) -> ScheduleName:
    named = next((name for name in SCHEDULES if name == decline_class), None)
    return named or _AS[decline_class]
