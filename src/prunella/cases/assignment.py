"""Giving out queues: to whoever has room, the most pressing case of their teams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg import Rollback

from prunella import people
from prunella.cases import store_assignment as store
from prunella.cases.case import Case
from prunella.cases.changing import held
from prunella.cases.clocks import clocks_of
from prunella.cases.filters import NOBODY, Filter
from prunella.cases.finding import inbox
from prunella.cases.record import Status
from prunella.cases.sla_rules import sla_rules
from prunella.cases.store import lock_cases
from prunella.kit.events import Event
from prunella.kit.house import Tx
from prunella.people import Colleague, Team, UnknownColleagueError

WORKED: tuple[Status, ...] = ("new", "open")
"""What waits for us takes room; what waits for the customer or for somebody else does not."""
LOOKED_AT = 20
MAX_GIVEN = 50
"""Cases that one event gives out; the next event goes on."""
MAX_RELEASED = 100
"""Cases that are held at once, of somebody who left."""


@dataclass(frozen=True, slots=True)
class Room:
    """Somebody who can take more: how many they have, of how many."""

    colleague: Colleague
    has: int
    most: int

    @property
    def load(self) -> tuple[float, str]:
        return self.has / self.most, self.colleague.id


async def drain(tx: Tx, _event: Event) -> None:
    """Give out what waits, as far as there is room and sla.toml wants it. Listener.

    One at a time in the house: so nobody gets more than they have room for.
    """
    rules = await sla_rules(tx)
    if not rules.assigns:
        return
    await store.take_turn(tx)
    for _ in range(MAX_GIVEN):
        rooms = await _rooms(tx, usual=rules.capacity)
        found = await _next_pair(tx, rooms)
        if found is None:
            return
        case, colleague = found
        await _give(tx, case, colleague, because="queue")


async def assign_next(tx: Tx, colleague_id: str) -> Case | None:
    """Give somebody the most pressing case that nobody has; None where nothing waits.

    Of their teams, or of all where they are in none. They ask for it, so how many they have does
    not matter. Two who ask at once get two cases. Raises UnknownColleagueError.
    """
    colleague = await people.colleague(tx, colleague_id)
    if colleague is None or not colleague.active:
        raise UnknownColleagueError(colleague_id)
    await store.take_turn(tx)
    heads = [await _head(tx, team) for team in colleague.teams or (None,)]
    for case in sorted((case for head in heads for case in head), key=_pressing):
        if given := await _give(tx, case, colleague, because="asked"):
            return given
    return None


async def release_all(tx: Tx, event: Event) -> None:
    """Whoever left loses what they had open: it waits in its team's queue again. Listener.

    All are held first, in the order that everybody holds them; a colleague who is back by then
    keeps what they have.
    """
    colleague = await people.colleague(tx, event.subject)
    if colleague and colleague.active:
        return
    while names := await store.held_by(tx, event.subject, MAX_RELEASED):
        for row in (await lock_cases(tx, names)).values():
            if row["assignee"] == event.subject:
                await Case.of(row).assign(tx, to=None, because="left")


async def _give(tx: Tx, case: Case, colleague: Colleague, *, because: str) -> Case | None:
    """None where somebody else has it by now: what was held for it is let go."""
    async with tx.conn.transaction() as giving:
        given = await _assigned_if_free(tx, case, colleague, because=because)
        if given is None:
            raise Rollback(giving)
    return given


async def _assigned_if_free(
    tx: Tx, case: Case, colleague: Colleague, *, because: str
) -> Case | None:
    now = await held(tx, case)
    if now.id != case.id or now.assignee or now.status not in WORKED:
        return None
    return await now.assign(tx, to=colleague.id, because=because)


async def _rooms(tx: Tx, *, usual: int) -> list[Room]:
    """Return who has room, the one with the most of it first."""
    staff = [one for one in await people.colleagues(tx) if one.teams and one.works]
    has = await store.loads(tx, [one.id for one in staff], list(WORKED))
    rooms = [Room(one, has.get(one.id, 0), _most(one, usual)) for one in staff]
    return sorted((room for room in rooms if room.has < room.most), key=lambda room: room.load)


async def _next_pair(tx: Tx, rooms: Sequence[Room]) -> tuple[Case, Colleague] | None:
    """Return the most pressing case that somebody with room can take, and who."""
    teams = dict.fromkeys(team for room in rooms for team in room.colleague.teams)
    heads = [case for team in teams for case in await _head(tx, team)]
    clocks = await clocks_of(tx, [case.id for case in heads])
    lost = {name: one.lost_by for name, one in clocks.items()}
    for case in sorted(heads, key=_pressing):
        taker = next(_takers(case, rooms, lost), None)
        if taker:
            return case, taker
    return None


def _takers(
    case: Case, rooms: Sequence[Room], lost: Mapping[str, tuple[str, ...]]
) -> Iterator[Colleague]:
    """Whoever lost the case by silence does not get it again by itself."""
    for room in rooms:
        one = room.colleague
        if case.team in one.teams and one.id not in lost.get(case.id, ()):
            yield one


async def _head(tx: Tx, team: Team | None) -> list[Case]:
    waiting = Filter(statuses=WORKED, assignee=NOBODY, team=team, order="due")
    return (await inbox(tx, waiting, limit=LOOKED_AT)).data


def _pressing(case: Case) -> tuple[bool, float, int, int]:
    due_at = case.due_at
    return due_at is None, due_at.timestamp() if due_at else 0.0, -case.priority, case.number


def _most(colleague: Colleague, usual: int) -> int:
    return usual if colleague.capacity is None else colleague.capacity
