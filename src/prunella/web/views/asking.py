"""What a customer asked us: where it stands, and what happens next by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from prunella.cases import CLOSES_AFTER, Case
from prunella.web.views.saying import Saying
from prunella.web.views.story import Step

Stand = Literal["ours", "theirs", "settled", "closed"]
"""Who is to do something next: we, the customer, nobody."""
_SHAPES: Mapping[Stand, str] = {"ours": "wait", "theirs": "ok", "settled": "ok", "closed": "ok"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One question in a few words; `state` is a shape, `word` says it, `text` what comes next."""

    id: str
    number: int
    subject: str
    stand: Stand
    state: str
    word: str
    text: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Askings:
    """What is open comes before what is settled."""

    open: list[Asking]
    settled: list[Asking]

    @property
    def answered(self) -> list[Asking]:
        """What waits to be read."""
        return [one for one in self.open if one.stand == "theirs"]

    @property
    def all(self) -> int:
        return len(self.open) + len(self.settled)


def askings(cases: Sequence[Case], saying: Saying, next_answers: Mapping[str, datetime]) -> Askings:
    """`next_answers`: by when each case gets our next answer."""
    told = [
        asking(one, saying, next_answer_at=next_answers.get(one.id, one.promised_at))
        for one in cases
    ]
    return Askings(
        open=[one for one in told if one.stand in {"ours", "theirs"}],
        settled=[one for one in told if one.stand in {"settled", "closed"}],
    )


def asking(case: Case, saying: Saying, *, next_answer_at: datetime) -> Asking:
    stand = _stand(case)
    return Asking(
        id=case.id,
        number=case.number,
        subject=case.subject,
        stand=stand,
        state=_SHAPES[stand],
        word=saying.say(f"page.asking.{stand}"),
        text=_text(case, stand, saying, next_answer_at),
        answered=case.answered_at is not None,
    )


def what_happens(
    case: Case, saying: Saying, *, next_answer_at: datetime, solved_by: datetime | None
) -> list[Step]:
    """The stem of a question: what was done, now, and what comes next."""
    stand = _stand(case)
    ahead = _ahead(case, stand, saying, next_answer_at, solved_by)
    return [*_done(case, saying), _now(stand, saying), *sorted(ahead, key=lambda step: step.at)]


def _stand(case: Case) -> Stand:
    if case.status == "closed":
        return "closed"
    if case.status == "solved":
        return "settled"
    return "theirs" if case.status == "pending" else "ours"


def _text(case: Case, stand: Stand, saying: Saying, next_answer_at: datetime) -> str:
    if stand == "ours":
        late = next_answer_at < saying.now
        by = saying.until(next_answer_at)
        return saying.say("page.asking.late_text" if late else "page.asking.ours_text", by=by)
    if stand == "settled" and case.solved_at:
        until = saying.day(case.solved_at + CLOSES_AFTER)
        return saying.say("page.asking.settled_text", until=until)
    return saying.say(f"page.asking.{stand}_text")


def _done(case: Case, saying: Saying) -> Iterator[Step]:
    asked = "asked" if case.because == "asked" else "reached"
    yield _step(case.opened_at, saying, f"page.asking.step_{asked}")
    if case.answered_at:
        yield _step(case.answered_at, saying, "page.asking.step_answered")
    if case.solved_at:
        yield _step(case.solved_at, saying, "page.asking.step_settled")


def _now(stand: Stand, saying: Saying) -> Step:
    return Step(
        at=saying.now,
        when=saying.say("page.story.today", day=saying.short_day(saying.now)),
        title=saying.say(f"page.asking.now_{stand}"),
        text=saying.say(f"page.asking.now_{stand}_text"),
        shape="now",
    )


def _ahead(
    case: Case,
    stand: Stand,
    saying: Saying,
    next_answer_at: datetime,
    solved_by: datetime | None,
) -> Iterator[Step]:
    if stand == "ours" and next_answer_at > saying.now:
        yield _next(next_answer_at, saying, "page.asking.step_answer")
    if stand == "ours" and solved_by and solved_by > max(saying.now, next_answer_at):
        yield _next(solved_by, saying, "page.asking.step_solve")
    if stand == "settled" and case.solved_at:
        yield _next(case.solved_at + CLOSES_AFTER, saying, "page.asking.step_close")


def _step(at: datetime, saying: Saying, key: str) -> Step:
    text = saying.say("page.asking.at", time=saying.time(at))
    return Step(at=at, when=saying.short_day(at), title=saying.say(key), text=text)


def _next(at: datetime, saying: Saying, key: str) -> Step:
    text = saying.say(f"{key}_text", time=saying.time(at))
    return Step(at=at, when=saying.short_day(at), title=saying.say(key), text=text, shape="next")
