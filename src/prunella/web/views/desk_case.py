"""One case with everything known about it, so that nobody has to ask again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prunella.cases import Case, Link
from prunella.people import Colleague, Customer
from prunella.web.presence import Present
from prunella.web.views.desk import CaseRow, Deed, State
from prunella.web.views.desk_clocks import ClockShown
from prunella.web.views.desk_decision import Decision
from prunella.web.views.desk_giving import Asked, Giving
from prunella.web.views.desk_side import Side
from prunella.web.views.desk_thread import Line
from prunella.web.views.saying import Saying

_GRAVE: Mapping[str, State] = {"critical": "bad", "high": "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stands in the fields, kept when something else has to be read first.

    `problem` names what stood against it; `asked` is what was filled in for a macro or a verb.
    `told` is a sentence that stands instead of it. `decided` tells what became of a request that
    was decided here, `gave` which one was asked for here.
    """

    reply: str = ""
    note: str = ""
    cc: str = ""
    problem: str = ""
    told: str = ""
    macro: str = ""
    verb: str = ""
    decided: str = ""
    gave: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCase:
    """`seen` is the last word on it; `here` says who else is on the case.

    `doable`: what can be changed at Stripe, by kind, with its label. `idle`: nothing is owed here
    by whoever looks, so that they may go on. `key` makes a form of the page that is sent twice the
    same request.
    """

    case: Case
    customer: Customer
    row: CaseRow
    who: str
    grave: State
    because: str
    asleep: str
    opened: str
    clocks: list[ClockShown]
    said: list[Line]
    links: list[Link]
    side: Side
    giving: Giving | None
    doable: list[tuple[str, str]]
    asked: Asked | None
    deeds: list[Deed]
    tried: list[tuple[str, str]]
    others: list[CaseRow]
    mergeable: list[CaseRow]
    decision: Decision | None
    here: str
    seen: str
    idle: bool
    key: str
    colleagues: Sequence[Colleague]
    draft: Draft


def who_has_it(case: Case, colleagues: Mapping[str, Colleague], me: str, saying: Saying) -> str:
    """Yours, a colleague's, or nobody's: then the team's."""
    team = saying.say(f"page.team.{case.team}")
    if case.assignee is None:
        return saying.say("page.work.nobodys", team=team)
    if case.assignee == me:
        return saying.say("page.work.yours")
    known = colleagues.get(case.assignee)
    return saying.say("page.work.theirs", name=known.name if known else case.assignee)


def gravity(case: Case) -> State:
    return _GRAVE.get(case.severity, "wait")


def here_in_words(
    present: Sequence[Present], colleagues: Mapping[str, Colleague], saying: Saying
) -> str:
    """One sentence about who else is on the case, empty when nobody is."""
    return " ".join(
        saying.say(f"page.here.{one.doing}", name=_name(one.person, colleagues)) for one in present
    )


def tried(context: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [_tried(entry) for entry in context.get("tried", [])]


def _name(person: str, colleagues: Mapping[str, Colleague]) -> str:
    known = colleagues.get(person)
    return known.name if known else person


def _tried(entry: Mapping[str, Any]) -> tuple[str, str]:
    what = str(entry.get("fix") or entry.get("kind") or entry.get("what") or "")
    return what, str(entry.get("state") or entry.get("status") or "")
