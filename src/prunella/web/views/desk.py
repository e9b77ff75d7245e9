"""Cases in a list, dense, the most pressing first; and what was done at Stripe, in a line."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from prunella.actions import NOBODY, Action
from prunella.cases import OPEN, Case, Clocks
from prunella.kit.money import Money
from prunella.web.views.saying import Saying
from prunella.web.views.who_decides import decides

SOON = timedelta(hours=2)
A_DAY = timedelta(hours=24)
A_WEEK = timedelta(days=6)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What rows say besides the cases themselves; `query` keeps the list that they stand in.

    `decides` is, by case, the least role that may decide what waits on it.
    """

    names: Mapping[str, str]
    decides: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, Clocks] = field(default_factory=dict)
    colleagues: Mapping[str, str] = field(default_factory=dict)
    query: str = ""


def case_rows(found: Sequence[Case], around: Around, saying: Saying) -> list[CaseRow]:
    """In the order that they were found."""
    return [case_row(case, around, saying) for case in found]


def case_row(case: Case, around: Around, saying: Saying) -> CaseRow:
    state, due = due_in_words(case, saying)
    return CaseRow(
        id=case.id,
        number=case.number,
        name=around.names.get(case.customer, case.customer),
        subject=case.subject,
        state=state,
        due=due,
        detail=_detail(case, around, saying),
        stamp=_stamp(case),
        rests=case.status in RESTS or _sleeps(case, saying) is not None,
        href=f"/desk/cases/{case.id}{'?' + around.query if around.query else ''}",
    )


def due_in_words(case: Case, saying: Saying) -> tuple[State, str]:
    """How long is left until the next deadline we run at, or why no clock runs."""
    until = _sleeps(case, saying)
    if until:
        return "wait", saying.say("page.inbox.sleeps", at=_on_day(until, saying))
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


def _detail(case: Case, around: Around, saying: Saying) -> str:
    clocks = around.clocks.get(case.id)
    plan = saying.say(f"page.account.{clocks.plan}") if clocks and clocks.plan else ""
    channel = saying.say(f"page.score.by_{case.channel}")
    known = ", ".join(filter(None, (plan, channel, str(case.number))))
    said = (
        _contract(case, clocks, saying),
        _reason(case, saying),
        _decider(case, around, saying),
        _holder(case, around, saying),
    )
    return ". ".join([known, *filter(None, said)])


def _decider(case: Case, around: Around, saying: Saying) -> str:
    role = around.decides.get(case.id, "")
    if role == NOBODY:
        return saying.say("page.approval.said_not_now")
    return decides(role, saying) if role else ""


def _contract(case: Case, clocks: Clocks | None, saying: Saying) -> str:
    """Once our own target is missed: how long the contract still has."""
    if clocks is None or case.due_at is None or case.due_at >= saying.now:
        return ""
    due = [clocks.contract_of(clock) for clock in clocks.running()]
    left = min((at for at in due if at), default=saying.now) - saying.now
    if left <= timedelta(0):
        return saying.say("page.inbox.contract_broken")
    return saying.say("page.inbox.contract_left", time=span(left, saying))


def _reason(case: Case, saying: Saying) -> str:
    return "" if case.because == "asked" else saying.say(f"page.because.{case.because}")


def _holder(case: Case, around: Around, saying: Saying) -> str:
    name = around.colleagues.get(case.assignee or "")
    return saying.say("page.inbox.with", name=name) if name else ""


def asleep(case: Case, saying: Saying) -> str:
    """Until when it is put aside, empty where it is not."""
    until = _sleeps(case, saying)
    return saying.say("page.inbox.put_aside", at=saying.until(until)) if until else ""


def _sleeps(case: Case, saying: Saying) -> datetime | None:
    until = case.snoozed_until if case.status in OPEN else None
    return until if until and until > saying.now else None


def _on_day(at: datetime, saying: Saying) -> str:
    near = at - saying.now < A_WEEK
    day = saying.weekday(at) if near else saying.short_day(at)
    return saying.say("page.inbox.on", day=day, time=saying.time(at)) if near else day


def _stamp(case: Case) -> str:
    known = (case.status, case.severity, case.assignee, case.team, case.subject, case.due_at)
    return hashlib.sha256(repr(known).encode()).hexdigest()[:12]


def _outcome(action: Action) -> str:
    error = action.error or {}
    codes = [error.get(name) for name in ("class", "code", "decline_code", "advice_code")]
    return ", ".join(str(code) for code in codes if code)
