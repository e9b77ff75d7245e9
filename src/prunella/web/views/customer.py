"""Everything known about a customer, for staff: facts, what was asked of them, what followed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from prunella.actions import Action
from prunella.actions import Step as ActionStep
from prunella.cases import Case, Contact, SentLetter
from prunella.diagnostics import Explanation, KnownFact, Verdict
from prunella.kit.money import Money
from prunella.people import Customer
from prunella.tiers.prevent import Plan
from prunella.web.views.desk import Around, CaseRow, Deed, State, case_rows, deed_of
from prunella.web.views.matter import matter_of, numbers_of
from prunella.web.views.recovery import StaffPlan, staff_plan
from prunella.web.views.saying import Saying

MAX_VALUE = 200
_SHAPES: Mapping[str, State] = {"green": "ok", "amber": "warn", "red": "bad"}
_SENT: Mapping[str, State] = {"sent": "ok", "failed": "bad"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that was known, with its values in words and the rules that looked at it."""

    kind: str
    id: str
    values: list[tuple[str, str]]
    used_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One rule held against one thing."""

    rule: str
    question: str
    subject: str
    fired: bool
    why: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    state: State
    title: str
    cause: str
    text: str
    evidence: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A contact or a letter in one line."""

    state: State
    word: str
    title: str
    detail: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCustomer:
    customer: Customer
    things: list[Thing]
    fired: list[Asked]
    quiet: list[Asked]
    found: list[Found]
    plans: list[StaffPlan]
    deeds: list[tuple[Deed, list[Line]]]
    cases: list[CaseRow]
    contacts: list[Line]
    letters: list[Line]


def desk_customer(
    *,
    customer: Customer,
    explained: Explanation,
    plans: Sequence[Plan],
    done: Sequence[tuple[Action, Sequence[ActionStep]]],
    cases: Sequence[Case],
    contacts: Sequence[Contact],
    letters: Sequence[SentLetter],
    saying: Saying,
) -> DeskCustomer:
    asked = [_asked(verdict) for verdict in explained.verdicts]
    around = Around(names={one.customer: customer.name for one in cases})
    numbers = numbers_of((one.id, one.values.get("number")) for one in explained.facts)
    return DeskCustomer(
        customer=customer,
        things=[_thing(fact, saying) for fact in explained.facts],
        fired=[one for one in asked if one.fired],
        quiet=[one for one in asked if not one.fired],
        found=list(_found(explained, saying)),
        plans=[staff_plan(plan, saying) for plan in plans],
        deeds=[(deed_of(action, saying), _life(steps, saying)) for action, steps in done],
        cases=case_rows(cases, around, saying),
        contacts=[_contact(one, numbers, saying) for one in contacts],
        letters=[_letter(one, saying) for one in letters],
    )


def shown(value: object, saying: Saying) -> str:
    """A value of any fact, short enough for a table."""
    text = _shown(value, saying)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"


def _shown(value: object, saying: Saying) -> str:
    match value:
        case Money():
            text = value.format(saying.words.locale)
        case datetime():
            text = saying.day_and_time(value)
        case bool():
            text = saying.say("page.known.yes" if value else "page.known.no")
        case tuple() | list():
            text = ", ".join(_shown(one, saying) for one in value)
        case set() | frozenset():
            text = ", ".join(sorted(_shown(one, saying) for one in value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            inner = [(one.name, getattr(value, one.name)) for one in fields(value) if one.repr]
            known = [(name, one) for name, one in inner if one not in (None, (), "")]
            text = " ".join(f"{name}={_shown(one, saying)}" for name, one in known)
        case _:
            text = str(value)
    return text


def _thing(fact: KnownFact, saying: Saying) -> Thing:
    values = [(name, shown(one, saying)) for name, one in fact.values.items() if name != "id"]
    return Thing(kind=fact.kind, id=fact.id, values=values, used_by=", ".join(fact.used_by))


def _asked(verdict: Verdict) -> Asked:
    return Asked(
        rule=verdict.rule,
        question=verdict.question,
        subject=verdict.subject,
        fired=verdict.fired,
        why=verdict.why,
        cause=verdict.finding.root_cause if verdict.finding else "",
    )


def _found(explained: Explanation, saying: Saying) -> Iterator[Found]:
    for finding in explained.diagnosis.findings:
        yield Found(
            state=_SHAPES[finding.status],
            title=finding.title,
            cause=finding.root_cause,
            text=finding.explanation,
            evidence=[(name, shown(one, saying)) for name, one in _evidence(finding.evidence)],
        )


def _evidence(evidence: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in evidence.items() if value is not None)


def _life(steps: Sequence[ActionStep], saying: Saying) -> list[Line]:
    return [
        Line(
            state="wait",
            word=saying.say(f"page.action.{step.state}"),
            title=step.state,
            detail=step.because,
            when=saying.until(step.at),
        )
        for step in steps
    ]


def _contact(contact: Contact, numbers: Mapping[str, str], saying: Saying) -> Line:
    ended = contact.ended_at is not None
    return Line(
        state="ok" if ended else "wait",
        word=saying.say("page.known.ended" if ended else "page.known.open"),
        title=matter_of(contact.subject, numbers, saying),
        detail=f"{contact.channel}, {contact.direction}: {' > '.join(contact.tiers)}",
        when=saying.until(contact.created_at),
    )


def _letter(letter: SentLetter, saying: Saying) -> Line:
    return Line(
        state=_SENT.get(letter.state, "wait"),
        word=saying.say(f"page.known.mail_{letter.state}"),
        title=letter.subject,
        detail=f"{letter.recipient} {letter.error}".strip(),
        when=saying.until(letter.at),
    )
