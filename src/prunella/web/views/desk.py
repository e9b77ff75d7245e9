"""Cases in a list, dense, the most pressing first; and what was done at Stripe, in a line."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from prunella.actions import Action
from prunella.cases import OPEN, Case
from prunella.kit.money import Money
from prunella.web.views.saying import Saying

SOON = timedelta(hours=2)
A_DAY = timedelta(hours=24)
RESTS = {"pending", "solved", "closed"}

State = Literal["ok", "warn", "bad", "wait"]
_DECIDED: Mapping[str, State] = {
    "succeeded": "ok",
    "failed": "bad",
    "denied": "warn",
    "unknown": "warn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """`stamp` changes with the case, not with the time; `rests` while nothing is owed by us."""

    id: str
    number: int
    name: str
    subject: str
    state: State
    due: str
    detail: str
    stamp: str
    rests: bool
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An action with what decided it and what came of it."""

    id: str
    state: State
    word: str
    title: str
    amount: str
    when: str
    decision: str
    outcome: str


def case_rows(
    found: Sequence[Case], names: Mapping[str, str], saying: Saying, *, query: str = ""
) -> list[CaseRow]:
    """In the order that they were found; `query` keeps the list that they stand in."""
    return [
        case_row(case, names.get(case.customer, case.customer), saying, query) for case in found
    ]


def case_row(case: Case, name: str, saying: Saying, query: str = "") -> CaseRow:
    state, due = due_in_words(case, saying)
    return CaseRow(
        id=case.id,
        number=case.number,
        name=name,
        subject=case.subject,
        state=state,
        due=due,
        detail=_detail(case, saying),
        stamp=_stamp(case),
        rests=case.status in RESTS or _sleeps(case, saying) is not None,
        href=f"/desk/cases/{case.id}{'?' + query if query else ''}",
    )


def due_in_words(case: Case, saying: Saying) -> tuple[State, str]:
    """How long is left until the next deadline we run at, or why no clock runs."""
    until = _sleeps(case, saying)
    if until:
        return "wait", saying.say("page.inbox.sleeps", at=saying.short_day(until))
    if case.status == "pending":
        return "wait", saying.say("page.inbox.paused")
    if case.status not in OPEN or case.due_at is None:
        return "wait", saying.say(f"page.status.{case.status}")
    left = case.due_at - saying.now
    if left < timedelta(0):
        return "bad", saying.say("page.desk.late", time=span(-left, saying))
    words = span(left, saying) if left < A_DAY else _on_day(case.due_at, saying)
    return ("warn" if left < SOON else "ok"), words


def span(length: timedelta, saying: Saying) -> str:
    minutes = int(length.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return saying.say("page.desk.days", days=days, hours=hours)
    if hours:
        return saying.say("page.desk.hours", hours=hours, minutes=f"{minutes % 60:02}")
    return saying.say("page.desk.minutes", minutes=minutes)


def deed_of(action: Action, saying: Saying) -> Deed:
    currency = action.currency
    money = Money(action.amount, currency) if action.amount and currency else None
    decision = action.decision
    reason = decision.get("explanation_for_staff") or decision.get("explanation") or ""
    return Deed(
        id=action.id,
        state=_DECIDED.get(action.state, "wait"),
        word=saying.say(f"page.action.{action.state}"),
        title=saying.say(f"page.kind.{action.kind}"),
        amount=money.format(saying.words.locale) if money else "",
        when=saying.until(action.created_at),
        decision=f"{decision.get('verdict', '')}: {reason}" if reason else "",
        outcome=_outcome(action),
    )


def _detail(case: Case, saying: Saying) -> str:
    number = saying.say("page.desk.case", number=case.number)
    channel = saying.say(f"page.score.by_{case.channel}")
    because = saying.say(f"page.because.{case.because}")
    return f"{number}, {channel}. {because}"


def _sleeps(case: Case, saying: Saying) -> datetime | None:
    until = case.snoozed_until
    return until if until and until > saying.now else None


def _on_day(at: datetime, saying: Saying) -> str:
    return saying.say("page.inbox.on", day=saying.short_day(at), time=saying.time(at))


def _stamp(case: Case) -> str:
    known = (case.status, case.severity, case.assignee, case.team, case.subject, case.due_at)
    return hashlib.sha256(repr(known).encode()).hexdigest()[:12]


def _outcome(action: Action) -> str:
    error = action.error or {}
    codes = [error.get(name) for name in ("class", "code", "decline_code", "advice_code")]
    return ", ".join(str(code) for code in codes if code)
