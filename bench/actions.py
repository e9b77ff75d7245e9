"""The door: actions accepted a second, as a share of a plain transaction of three inserts.

Each credits another customer, so that they take no turns but the house's own: what goes out by
itself counts for the day's limit, and is taken one after another.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bench import stage

from prunella import people
from prunella.actions import ActionRequest, Door
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House, Tx

TIMES = 600
AT_ONCE = 16
CENTS = 10
_TABLES = """
create table plain_action (id text primary key, customer text, data jsonb);
create table plain_audit (seq bigint generated always as identity primary key, data jsonb);
create table plain_job (id bigint generated always as identity primary key, action text);
"""
Doing = Callable[[Tx, int], Awaitable[None]]


async def measure() -> list[str]:
    with stage.postgres() as url:
        async with stage.rooms(url) as rooms:
            stage.fill(url, first=1, last=2 * TIMES)
            async with rooms.house.transaction(SYSTEM) as tx:
                await tx.conn.execute(_TABLES)
            await _rate(rooms.house, _meet)
            await _rate(rooms.house, _meet, begin=TIMES)
            agent = Actor(kind="staff", id="tok_bench", role="agent")
            plain = await _rate(rooms.house, _insert_three)
            staff = await _rate(rooms.house, _asking(rooms.door, agent))
            program = Actor(kind="service", id="tok_program", role="service")
            asking = _asking(rooms.door, program)
            own = await _rate(rooms.house, asking, begin=TIMES)
            again = await _rate(rooms.house, _insert_three, begin=TIMES)
    plain = (plain + again) / 2
    return [
        f"three plain inserts: {plain:,.0f}/s, {AT_ONCE} at a time",
        f"credits that staff ask for: {staff:,.0f}/s accepted, {staff / plain:.2f} x that",
        f"credits that a program asks for: {own:,.0f}/s accepted, {own / plain:.2f} x that",
    ]


async def _rate(house: House, doing: Doing, *, begin: int = 0) -> float:
    async def lane(first: int) -> None:
        for n in range(first, begin + TIMES, AT_ONCE):
            async with house.transaction(SYSTEM) as tx:
                await doing(tx, n)

    started = time.perf_counter()
    await asyncio.gather(*(lane(begin + first) for first in range(AT_ONCE)))
    return TIMES / (time.perf_counter() - started)


async def _insert_three(tx: Tx, n: int) -> None:
    row = (f"act_{n}", f"cust_{n}", '{"state": "approved", "amount": 4900}')
    await tx.execute("insert into plain_action values (%s, %s, %s)", row)
    await tx.execute("insert into plain_audit (data) values (%s)", row[2:])
    await tx.execute("insert into plain_job (action) values (%s)", row[:1])


async def _meet(tx: Tx, n: int) -> None:
    """A customer whom we know already, as most are who ask."""
    await people.find_customer(tx, _customer(n))


def _customer(n: int) -> str:
    return f"cus_northbeck_{n + 1}"


def _asking(door: Door, actor: Actor) -> Doing:
    async def ask(tx: Tx, n: int) -> None:
        customer = _customer(n)
        asked = ActionRequest(
            kind="credit_balance",
            customer=customer,
            target=customer,
            business_key=f"bench:{n}",
            amount=CENTS,
            currency="usd",
            actor=actor,
        )
        action = await door.request(tx, asked)
        assert action.state == "approved", action.decision

    return ask
