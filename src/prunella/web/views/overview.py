"""The day in figures, each of which opens the cases that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prunella.cases import Attainment, Batch, Count
from prunella.people import TEAMS, Colleague
from prunella.web.views.desk import State
from prunella.web.views.saying import Saying

_SHAPES: Mapping[str, State] = {"late": "bad", "soon": "warn", "nobody": "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureShown:
    label: str
    value: str
    state: State
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Of a plan's cases, how many were answered in time, against what we aim at."""

    plan: str
    share: str
    aim: str
    of: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    name: str
    teams: str
    has: str
    room: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    figures: list[FigureShown]
    queues: list[tuple[str, str]]
    kept: list[Kept]
    batches: list[tuple[str, int]]
    loads: list[Load]


def overview_of(
    *,
    counts: Mapping[str, Count],
    figures: Sequence[str],
    attained: Sequence[Attainment],
    batches: Sequence[Batch],
    colleagues: Sequence[Colleague],
    saying: Saying,
) -> Overview:
    queues = [(saying.say(f"page.team.{team}"), counts[f"team.{team}"]) for team in TEAMS]
    return Overview(
        figures=[_figure(name, counts[name], saying) for name in figures],
        queues=[(name, str(count)) for name, count in queues if count.number],
        kept=[_kept(one, saying) for one in attained],
        batches=[(saying.until(one.at), len(one.cases)) for one in batches],
        loads=[_load(one, counts[f"has.{one.id}"], saying) for one in colleagues],
    )


def _figure(name: str, count: Count, saying: Saying) -> FigureShown:
    quiet: State = "ok" if name in _SHAPES else "wait"
    return FigureShown(
        label=saying.say(f"page.desk.view_{name}"),
        value=str(count),
        state=_SHAPES.get(name, "wait") if count.number else quiet,
        href=f"/desk?view={name}",
    )


def _kept(one: Attainment, saying: Saying) -> Kept:
    plan = saying.say(f"page.account.{one.plan}")
    decided = one.kept + one.missed
    of = saying.say("page.overview.of", kept=one.kept, all=decided)
    if one.share is None:
        none = saying.say("page.score.no_figure")
        return Kept(plan=plan, share=none, aim=_percent(one.aim), of=of, state="wait")
    met = one.aim is None or one.share * 100 >= one.aim
    share = f"{one.share * 100:.1f}\u00a0%"
    state: State = "ok" if met else "bad"
    return Kept(plan=plan, share=share, aim=_percent(one.aim), of=of, state=state)


def _percent(aim: int | None) -> str:
    return f"{aim}\u00a0%" if aim is not None else ""


def _load(one: Colleague, count: Count, saying: Saying) -> Load:
    full = one.capacity is not None and count.number >= one.capacity
    room = "" if one.capacity is None else saying.say("page.overview.room", most=one.capacity)
    return Load(
        name=one.name,
        teams=", ".join(saying.say(f"page.team.{team}") for team in one.teams),
        has=str(count),
        room=room,
        state="warn" if full else "ok" if count.number else "wait",
    )
