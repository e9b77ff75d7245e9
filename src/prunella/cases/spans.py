"""Looking from the newest on down, in spans: each look is at a bounded number of rows.

The newest thousand come first, and while little is found each span is sixteen times as wide as
the one before; one that holds too much to sort is looked at in sixteen parts. So what is frequent
is found in the first look, and what is rare in a few, whether there are a thousand cases or a
million.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

SHIFTS = (10, 14, 18, 22)
"""A span of level n holds 2^SHIFTS[n] numbers; the keys in the database have the same."""
WIDEST = len(SHIFTS) - 1
BLOCK = 13
"""Words are indexed by blocks of 2^BLOCK numbers; `by_block` in the database has the same."""
MAX_HITS = 1 << SHIFTS[0]
"""More than these in one span are not sorted: its parts are looked at instead."""
MAX_LOOKS = 64
MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers from `low` up to, and without, `top`."""

    level: int
    low: int
    top: int

    @property
    def key(self) -> str:
        """What the database calls the span, of which everything from `top` on is left out."""
        return f":{self.level}/{self.low >> SHIFTS[self.level]}"

    @property
    def is_whole(self) -> bool:
        """Whether the span is everything below `top`."""
        return self.low == 0


@dataclass(frozen=True, slots=True)
class Hit:
    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Found:
    """`hits`, the newest first; `rest` is the number below which to go on, None at the end."""

    hits: list[Hit]
    rest: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is in a span, None when that is too much; and the rows it took.

    The newest of it will do, as long as they are more than are wanted. A look may go down to
    another number than the span, `low`.
    """

    hits: list[Hit] | None
    rows: int
    low: int | None = None


Look = Callable[[Span], Awaitable[Seen]]


def span_below(top: int, level: int) -> Span:
    """Return the span of this level that ends below `top`."""
    low = (top - 1) >> SHIFTS[level] << SHIFTS[level]
    return Span(level, low, top)


def spans_below(top: int) -> Iterator[Span]:
    """Yield spans from the newest on down, each level once and the widest as often as it takes."""
    for level in range(MAX_LOOKS):
        if top <= 0:
            return
        span = span_below(top, min(level, WIDEST))
        yield span
        top = span.low


async def newest(
    look: Look, *, top: int, wanted: int, max_rows: int = MAX_ROWS, level: int = 0
) -> Found:
    """Return the newest below `top`; the first span is of this level.

    After MAX_LOOKS, or `max_rows`, it returns what there is so far, perhaps less than wanted.
    """
    hits: list[Hit] = []
    rows, widest, narrow_down_to = 0, WIDEST, 0
    for _ in range(MAX_LOOKS):
        if top <= narrow_down_to:
            widest = WIDEST
        if top <= 0 or rows > max_rows:
            break
        span = span_below(top, min(level, widest))
        seen = await look(span)
        rows += seen.rows
        if seen.hits is None:
            widest, narrow_down_to = span.level - 1, span.low
            continue
        hits += sorted(seen.hits, key=lambda hit: -hit.number)
        if len(hits) > wanted:
            return Found(hits[:wanted], hits[wanted - 1].number)
        top, level = span.low if seen.low is None else seen.low, span.level + 1
    return Found(hits, top if top > 0 else None)
