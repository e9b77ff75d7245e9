"""What a visitor began and is not through: it is shown, and not offered a second time."""

from dataclasses import dataclass

from prunella import actions, cases
from prunella.cases import Case
from prunella.tiers.selfheal import FixRun, store
from prunella.tiers.selfheal.errands import alike
from prunella.web.questions import next_answers
from prunella.web.views.asking import asking
from prunella.web.views.begun import Waiting, away, waiting
from prunella.web.views.choosing import Planned, planned
from prunella.web.views.saying import Saying
from prunella.web.visits import Visit

_SHOWN_AS_AWAY = "regenerate_link"
"""A page that was opened anew is wrong no more; without this nobody would find back to it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """`asked_for` are the fixes, with their targets, that a person or a day decides."""

    waiting: list[Waiting]
    planned: list[Planned]
    asked_for: frozenset[tuple[str, str]]


async def begun_by(here: Visit) -> Begun:
    runs = await store.open_of(here.tx, here.customer.id)
    saying = Saying(words=here.words, now=here.tx.now)
    return Begun(
        waiting=[
            *[await _decided_by_a_person(here, one, saying) for one in runs if _waits(one)],
            *[away(one, saying) for one in runs if one.state == "away" and _found_by_us(one)],
        ],
        planned=[
            planned(one.id, one.due_at, saying) for one in runs if one.due_at and _has_a_day(one)
        ],
        asked_for=frozenset(
            (fix, one.target) for one in runs if is_asked_for(one) for fix in alike(one.fix)
        ),
    )


def is_asked_for(run: FixRun) -> bool:
    """Whether it goes on by itself, or by a person, without being asked for again."""
    return _waits(run) or _has_a_day(run)


async def _decided_by_a_person(here: Visit, run: FixRun, saying: Saying) -> Waiting:
    action = await actions.get(here.tx, run.action) if run.action else None
    case = await _case_of(here, action.case if action else None)
    by = (await next_answers(here, [case]))[case.id] if case else None
    told = asking(case, saying, next_answer_at=by) if case and by else None
    return waiting(run, action, told, saying)


async def _case_of(here: Visit, name: str | None) -> Case | None:
    """Return the case; where it was merged, the one that goes on with it."""
    case = await cases.get_case(here.tx, name) if name else None
    if case and case.merged_into:
        return await cases.get_case(here.tx, case.merged_into)
    return case


def _waits(run: FixRun) -> bool:
    return run.state == "waiting"


def _has_a_day(run: FixRun) -> bool:
    return run.state == "planned"


def _found_by_us(run: FixRun) -> bool:
    return run.fix == _SHOWN_AS_AWAY and run.session is not None
