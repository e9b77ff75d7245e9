"""Cases as the desk sees them: dense, the most pressing thing first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from prunella.actions import Action
from prunella.cases import Case, Message
from prunella.diagnostics import Diagnosis
from prunella.kit.money import Money
from prunella.people import Customer
from prunella.web.views.saying import Saying
from prunella.web.views.talk import Said, desks_talk

SOON = timedelta(hours=2)
OWED = {"new", "open"}

State = Literal["ok", "warn", "bad", "wait"]
_DECIDED: Mapping[str, State] = {
    "succeeded": "ok",
    "failed": "bad",
    "denied": "warn",
    "unknown": "warn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    id: str
    number: int
    name: str
    subject: str
    state: State
    due: str
    detail: str


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
class Told:
    """A finding, as it was or as it is."""

    state: State
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCase:
    """Everything known about a case, so that nobody has to ask again."""

    case: Case
    customer: Customer
    row: CaseRow
    because: str
    opened: str
    said: list[Said]
    then: list[Told]
    now: list[Told]
    deeds: list[Deed]
    tried: list[tuple[str, str]]


def case_rows(found: Sequence[Case], names: Mapping[str, str], saying: Saying) -> list[CaseRow]:
    """Those that are owed an answer first, by when it is due; then the rest as they came."""
    ordered = sorted(found, key=lambda case: (case.status not in OWED, case.promised_at))
    return [_row(case, names.get(case.customer, case.customer), saying) for case in ordered]


def desk_case(
    *,
    case: Case,
    customer: Customer,
    messages: Sequence[Message],
    done: Sequence[Action],
    now: Diagnosis,
    saying: Saying,
) -> DeskCase:
    known = case.context.get("diagnosis") or {}
    return DeskCase(
        case=case,
        customer=customer,
        row=_row(case, customer.name, saying),
        because=saying.say(f"page.because.{case.because}"),
        opened=saying.until(case.opened_at),
        said=desks_talk(messages, saying, customer=customer.name),
        then=[_told(finding) for finding in known.get("findings", [])],
        now=[_told(finding.to_json()) for finding in now.findings],
        deeds=[deed_of(action, saying) for action in done],
        tried=[_tried(entry) for entry in case.context.get("tried", [])],
    )


def _row(case: Case, name: str, saying: Saying) -> CaseRow:
    state, due = _due(case, saying)
    because = saying.say(f"page.because.{case.because}")
    status = saying.say(f"page.status.{case.status}")
    return CaseRow(
        id=case.id,
        number=case.number,
        name=name,
        subject=case.subject,
        state=state,
        due=due,
        detail=f"{status}. {because}",
    )


def _due(case: Case, saying: Saying) -> tuple[State, str]:
    if case.status not in OWED:
        return "wait", saying.say(f"page.status.{case.status}")
    left = case.promised_at - saying.now
    if left < timedelta(0):
        return "bad", saying.say("page.desk.late", time=_span(-left, saying))
    return ("warn" if left < SOON else "ok"), _span(left, saying)


def _span(span: timedelta, saying: Saying) -> str:
    minutes = int(span.total_seconds() // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return saying.say("page.desk.days", days=days, hours=hours)
    if hours:
        return saying.say("page.desk.hours", hours=hours, minutes=minutes % 60)
    return saying.say("page.desk.minutes", minutes=minutes)


def _told(finding: Mapping[str, Any]) -> Told:
    states: Mapping[str, State] = {"green": "ok", "amber": "warn", "red": "bad"}
    return Told(
        state=states.get(str(finding.get("status")), "wait"),
        title=str(finding.get("title", "")),
        text=str(finding.get("explanation", "")),
    )


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


def _outcome(action: Action) -> str:
    error = action.error or {}
    codes = [error.get(name) for name in ("class", "code", "decline_code", "advice_code")]
    return ", ".join(str(code) for code in codes if code)


def _tried(entry: Mapping[str, Any]) -> tuple[str, str]:
    what = str(entry.get("fix") or entry.get("kind") or entry.get("what") or "")
    return what, str(entry.get("state") or entry.get("status") or "")
