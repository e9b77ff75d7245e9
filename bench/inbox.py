"""Inbox and search at 1,000 and at 1,000,000 cases, against a read of one case by its id."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.shelf import fill
from bench.stage import percentiles, postgres, rooms

from prunella import cases, people
from prunella.cases import ANYWHERE, EVERY_STATUS, Filter
from prunella.cases.indexing import know_case, know_message
from prunella.kit.actor import Actor
from prunella.kit.house import House, Tx

SIZES = (1_000, 1_000_000)
TIMES = 25
PAGES = 4
WORDS = " ".join(f"w{n}" for n in range(60))
ME = Actor(kind="staff", id="stf_3", role="agent", verified=True)
Ask = Callable[[Tx, str | None], Awaitable[cases.Page]]
INBOXES = (
    Filter(),
    Filter(order="newest"),
    Filter(assignee="me"),
    Filter(assignee="none"),
    Filter(team="legal", severity="critical"),
    Filter(tag="tag-1"),
    Filter(tag="tag-300", order="newest"),
    Filter(snoozed=True),
    Filter(statuses=("pending", "on_hold")),
    Filter(statuses=("solved", "closed"), order="newest"),
    Filter(statuses=("closed",), tag="tag-2", team="legal", order="newest"),
    Filter(customer=f"cust_{7:026}", statuses=EVERY_STATUS, order="newest"),
)
SEARCHES = (
    ("w1 ", ANYWHERE),
    ("w2 w30 ", ANYWHERE),
    ("w4000", ANYWHERE),
    ("w700", ANYWHERE),
    ("x77", ANYWHERE),
    ("s4711", ANYWHERE),
    ("nobody said this", ANYWHERE),
    ("0000077 w3", ANYWHERE),
    ("w40 ", Filter(assignee="me")),
    ("w3 ", Filter(tag="tag-300", statuses=EVERY_STATUS)),
)


@dataclass
class Measured:
    """Milliseconds: of a read by id, and p50 and p99 of pages."""

    read: float
    inbox: tuple[float, float]
    search: tuple[float, float]
    counts: tuple[float, float]
    opening: float
    finding: float


async def measure() -> list[str]:
    found: list[Measured] = []
    with postgres() as url:
        async with rooms(url) as opened:
            for first, last in zip((1, *(size + 1 for size in SIZES)), SIZES, strict=False):
                fill(url, first=first, last=last)
                found.append(await _measured(opened.house))
    lines = [line for size, one in zip(SIZES, found, strict=True) for line in _told(size, one)]
    small, large = found
    inbox, search = large.inbox[1] / small.inbox[1], large.search[1] / small.search[1]
    return [*lines, f"a million to a thousand, p99: inbox {inbox:.1f} x, search {search:.1f} x"]


async def _measured(house: House) -> Measured:
    inbox = [ms for asked in INBOXES for ms in await _timed(house, _inbox(asked))]
    search = [ms for words, asked in SEARCHES for ms in await _timed(house, _search(words, asked))]
    opening, finding = await _opened(house)
    return Measured(
        read=statistics.median(await _reads(house)),
        inbox=percentiles(inbox),
        search=percentiles(search),
        counts=percentiles(await _counted(house)),
        opening=opening,
        finding=finding,
    )


def _inbox(asked: Filter) -> Ask:
    async def ask(tx: Tx, after: str | None) -> cases.Page:
        return await cases.inbox(tx, asked, after=after)

    return ask


def _search(words: str, asked: Filter) -> Ask:
    async def ask(tx: Tx, after: str | None) -> cases.Page:
        return await cases.search(tx, words, filters=asked, after=after)

    return ask


async def _timed(house: House, ask: Ask) -> list[float]:
    """The first pages, over and over; the first time of all does not count."""
    taken: list[float] = []
    for _ in range(TIMES // PAGES + 1):
        after: str | None = None
        for _ in range(PAGES):
            async with house.transaction(ME) as tx:
                started = time.perf_counter()
                after = (await ask(tx, after)).next_cursor
                taken.append(time.perf_counter() - started)
            if after is None:
                break
    return taken[1:]


async def _reads(house: House) -> list[float]:
    taken = []
    for number in range(1, 10 * TIMES):
        async with house.transaction(ME) as tx:
            started = time.perf_counter()
            assert await cases.get_case(tx, f"case_{number:026}")
            taken.append((time.perf_counter() - started) * 1000)
    return taken


async def _counted(house: House) -> list[float]:
    asked = {str(n): one for n, one in enumerate(INBOXES)}
    taken = []
    for _ in range(TIMES):
        async with house.transaction(ME) as tx:
            started = time.perf_counter()
            await cases.counts(tx, asked)
            taken.append(time.perf_counter() - started)
    return taken


async def _opened(house: House) -> tuple[float, float]:
    """Milliseconds to open a case with a text, and of these to make it found by its words."""
    whole, finding = [], []
    for _ in range(2 * TIMES):
        async with house.transaction(ME) as tx:
            customer = await people.add_customer(tx, name="Northbeck")
            started = time.perf_counter()
            case = await cases.open_case(tx, customer, subject="Bill", text=WORDS, because="asked")
            whole.append((time.perf_counter() - started) * 1000)
            await tx.execute("delete from case_words where case_id = %s", (case.id,))
            await tx.execute("delete from case_heads where case_id = %s", (case.id,))
            started = time.perf_counter()
            await know_case(tx, case.id)
            await know_message(tx, case.id, WORDS)
            finding.append((time.perf_counter() - started) * 1000)
    return statistics.median(whole), statistics.median(finding)


def _told(size: int, one: Measured) -> list[str]:
    pages = (("inbox", one.inbox), ("search", one.search), (f"{len(INBOXES)} counts", one.counts))
    told = [
        f"{name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {p50 / one.read:.0f} x a read by id"
        for name, (p50, p99) in pages
    ]
    return [
        f"{size:,} cases, a read by id {one.read:.2f} ms",
        *[f"  {line}" for line in told],
        f"  opening a case {one.opening:.1f} ms, {one.finding:.1f} ms of it to be found by words",
    ]
