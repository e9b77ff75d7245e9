"""The scoreboard's bars and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from prunella.insight.economics import Behind, Scoreboard, TierFigures
from prunella.kit.money import Money
from prunella.web.views.saying import Saying

WIDTH = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One tier's line: where it begins, what it settled, and what went on."""

    tier: str
    arrived: int
    settled: int
    confirmed: int
    assumed: int
    share: str
    cost: str
    unit: str
    begin: float
    width: float
    rest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePage:
    span: str
    contacts: int
    open: int
    recovered: int
    each: str
    cost: str
    human_each: str
    human: str
    saved: str
    saved_share: str
    is_dearer: bool
    without_person: str
    without_count: int
    confirmed: int
    confirmed_share: str
    assumed: int
    assumed_share: str
    bars: tuple[Bar, ...]
    pieces: tuple[tuple[float, float, bool], ...]
    assumptions: tuple[tuple[str, str], ...]
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindRow:
    contact: str
    customer: str
    name: str
    case: str
    channel: str
    about: str
    tiers: str
    ended: str
    word: str
    state: str
    cost: str


def score_page(board: Scoreboard, saying: Saying, *, days: str) -> ScorePage:
    shown = _Amounts(saying.words.locale)
    dearer = board.cost - board.all_human
    return ScorePage(
        span=saying.say(
            "page.score.span", since=saying.day(board.since), until=saying.day(saying.now)
        ),
        contacts=board.contacts,
        open=board.open,
        recovered=board.recovered,
        each=_each(board, saying),
        cost=shown(board.cost),
        human_each=shown(board.assumed_costs["human"]),
        human=shown(board.all_human),
        saved=shown(max(board.saved, dearer)),
        saved_share=percent(abs(board.saved_share)),
        is_dearer=board.saved < dearer,
        without_person=_of(board.without_person, board.contacts),
        without_count=board.without_person,
        confirmed=board.confirmed,
        confirmed_share=_of(board.confirmed, board.contacts),
        assumed=board.assumed,
        assumed_share=_of(board.assumed, board.contacts),
        bars=_bars(board, shown),
        pieces=_pieces(board),
        assumptions=tuple((tier, shown(cost)) for tier, cost in board.assumed_costs.items()),
        query=f"days={days}",
    )


def behind_rows(
    found: Sequence[Behind], names: Mapping[str, str], saying: Saying
) -> list[BehindRow]:
    return [_behind(one, names.get(one.customer, one.customer), saying) for one in found]


def percent(share: Decimal) -> str:
    return f"{share * 100:.0f}\u00a0%"


def _of(part: int, whole: int) -> str:
    return percent(Decimal(part) / whole) if whole else ""


def _each(board: Scoreboard, saying: Saying) -> str:
    """Nothing where there is nothing to divide by."""
    return board.cost_per_contact.format(saying.words.locale) if board.cost_per_contact else ""


@dataclass(frozen=True, slots=True)
class _Amounts:
    locale: str

    def __call__(self, money: Money) -> str:
        return money.format(self.locale)


def _bars(board: Scoreboard, shown: _Amounts) -> tuple[Bar, ...]:
    bars, settled_before = [], 0
    for figures in board.tiers:
        bars.append(_bar(figures, settled_before, board, shown))
        settled_before += figures.settled
    return tuple(bars)


def _bar(figures: TierFigures, before: int, board: Scoreboard, shown: _Amounts) -> Bar:
    scale = WIDTH / board.contacts if board.contacts else 0.0
    begin, width = before * scale, figures.settled * scale
    return Bar(
        tier=figures.tier,
        arrived=figures.arrived,
        settled=figures.settled,
        confirmed=figures.confirmed,
        assumed=figures.assumed,
        share=percent(figures.share) if board.contacts else "",
        cost=shown(figures.cost),
        unit=shown(board.assumed_costs[figures.tier]),
        begin=round(begin, 1),
        width=round(width, 1),
        rest=round(max(WIDTH - begin - width, 0) if board.contacts else WIDTH, 1),
    )


def _pieces(board: Scoreboard) -> tuple[tuple[float, float, bool], ...]:
    """What each tier cost as a part of what people alone would have cost."""
    if not board.all_human.amount:
        return ()
    pieces, begin = [], 0.0
    for figures in board.tiers:
        width = WIDTH * figures.cost.amount / board.all_human.amount
        pieces.append((round(begin, 1), round(width, 1), figures.tier == "human"))
        begin += width
    return tuple(pieces)


def _behind(one: Behind, name: str, saying: Saying) -> BehindRow:
    words = {None: ("wait", "open"), True: ("ok", "confirmed"), False: ("wait", "assumed")}
    state, word = words[one.confirmed]
    tiers = [saying.say(f"page.score.{tier}") for tier in one.tiers]
    return BehindRow(
        customer=one.customer,
        contact=one.contact,
        name=name,
        case=one.case or "",
        channel=saying.say(f"page.score.by_{one.channel}"),
        about=one.subject,
        tiers=" → ".join(tiers),
        ended=saying.until(one.at or one.created_at),
        word=saying.say(f"page.score.{word}"),
        state=state,
        cost=one.cost.format(saying.words.locale) if one.cost else "",
    )
