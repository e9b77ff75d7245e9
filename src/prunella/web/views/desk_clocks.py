"""The clocks of a case in words and as one bar: used, paused, our target, the contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from prunella.cases import sla
from prunella.web.views.desk import SOON, State, span
from prunella.web.views.saying import Saying

WIDTH = 560
NONE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBar:
    """Lengths on a line of `WIDTH`; `paused` is empty unless they are waited for right now."""

    used: float
    target: float
    paused: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShown:
    title: str
    state: State
    word: str
    more: str
    notes: tuple[str, ...]
    bar: ClockBar | None = None


def clocks_shown(clocks: sla.Clocks, rules: sla.Rules, saying: Saying) -> list[ClockShown]:
    """Return the response, the resolution as far as it is promised, and what is asked since."""
    hours = sla.hours_of(clocks, rules)
    shown = [_response(clocks, saying)] if clocks.response_target_at else []
    if clocks.resolution_target_at and clocks.resolution_due_at:
        shown.append(_resolution(clocks, hours, saying))
    if clocks.reply_target_at:
        shown.append(_reply(clocks, saying))
    return shown


def _response(clocks: sla.Clocks, saying: Saying) -> ClockShown:
    state, word, more = _standing(
        clocks.response_target_at, clocks.responded_at, clocks, saying, done="page.clock.answered"
    )
    if clocks.resolved_at and not clocks.responded_at:
        state, word = "wait", saying.say("page.clock.unanswered")
    return ClockShown(
        title=saying.say("page.clock.response"),
        state=state,
        word=word,
        more=more,
        notes=tuple(_terms(clocks, "response", saying)),
    )


def _reply(clocks: sla.Clocks, saying: Saying) -> ClockShown:
    """They had an answer, and wrote again."""
    target = clocks.reply_target_at
    state, word, more = _standing(target, None, clocks, saying, done="page.clock.answered")
    return ClockShown(
        title=saying.say("page.clock.reply"),
        state=state,
        word=word,
        more=more,
        notes=tuple(_terms(clocks, "reply", saying)),
    )


def _resolution(clocks: sla.Clocks, hours: sla.Hours, saying: Saying) -> ClockShown:
    state, word, more = _standing(
        clocks.resolution_target_at,
        clocks.resolved_at,
        clocks,
        saying,
        done="page.clock.solved",
    )
    used = _used(clocks, hours, saying.now)
    notes = [saying.say("page.clock.used", time=span(used, saying))]
    notes += _terms(clocks, "resolution", saying)
    return ClockShown(
        title=saying.say("page.clock.resolution"),
        state=state,
        word=word,
        more=more,
        notes=tuple(notes),
        bar=_bar(clocks, hours, used, saying),
    )


def _standing(
    target: datetime | None,
    done_at: datetime | None,
    clocks: sla.Clocks,
    saying: Saying,
    *,
    done: str,
) -> tuple[State, str, str]:
    paused = _paused(clocks, saying)
    if done_at:
        late = target is not None and done_at > target
        taken = span(done_at - clocks.opened_at, saying)
        return ("warn" if late else "ok"), saying.say(done, time=taken), paused
    if clocks.paused_at:
        return "wait", saying.say("page.clock.paused", at=saying.until(clocks.paused_at)), ""
    left = (target or saying.now) - saying.now
    if left < NONE:
        return "bad", saying.say("page.desk.late", time=span(-left, saying)), paused
    word = saying.say("page.clock.left", time=span(left, saying))
    return ("warn" if left < SOON else "ok"), word, paused


def _paused(clocks: sla.Clocks, saying: Saying) -> str:
    if clocks.paused_for <= NONE:
        return ""
    return saying.say("page.clock.was_paused", time=span(clocks.paused_for, saying))


def _terms(clocks: sla.Clocks, clock: sla.Clock, saying: Saying) -> Iterator[str]:
    target, contract = clocks.target_of(clock), clocks.contract_of(clock)
    if target:
        yield saying.say("page.clock.target", at=saying.until(target))
    if contract and contract != target:
        yield saying.say("page.clock.contract", at=saying.until(contract))


def _used(clocks: sla.Clocks, hours: sla.Hours, now: datetime) -> timedelta:
    """Open time that counted; what they were waited for does not."""
    until = clocks.stopped_at() or now
    return max(hours.between(clocks.opened_at, until) - clocks.paused_for, NONE)


def _bar(clocks: sla.Clocks, hours: sla.Hours, used: timedelta, saying: Saying) -> ClockBar:
    end, target = clocks.resolution_due_at, clocks.resolution_target_at
    whole = hours.between(clocks.opened_at, end) - clocks.paused_for if end else NONE
    aim = hours.between(clocks.opened_at, target) - clocks.paused_for if target else NONE
    scale = WIDTH / whole.total_seconds() if whole > NONE else 0.0
    return ClockBar(
        used=round(min(used.total_seconds() * scale, WIDTH), 1),
        target=round(min(aim.total_seconds() * scale, WIDTH - 2), 1),
        paused=round(min(used.total_seconds() * scale, WIDTH - 6), 1) if clocks.paused_at else 0.0,
        label=saying.say(
            "page.clock.bar",
            used=span(used, saying),
            target=span(aim, saying),
            contract=span(whole, saying),
        ),
    )
