"""A customer, a case, and people at work on it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from prunella import cases, people
from prunella.cases import Case
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House, Tx
from prunella.people import roster, tokens

ADMIN = Actor(kind="staff", id="admin", role="admin", verified=True)


def acting(tx: Tx, actor: Actor, *, later: timedelta = timedelta(0)) -> Tx:
    return replace(tx, actor=actor, now=tx.now + later)


def themselves(customer: people.Customer) -> Actor:
    return Actor(kind="customer", id=customer.id, role="owner", verified=True)


@dataclass(frozen=True, slots=True)
class Scene:
    """A customer and their case, which they asked for, in a transaction of the desk's."""

    tx: Tx
    customer: people.Customer
    case: Case

    @property
    def theirs(self) -> Tx:
        return acting(self.tx, themselves(self.customer))

    @property
    def ours(self) -> Tx:
        return acting(self.tx, ADMIN)

    async def now(self, case: Case | None = None) -> Case:
        """The case as it stands."""
        found = await cases.get_case(self.tx, (case or self.case).id)
        assert found is not None
        return found

    async def another(self, subject: str, text: str = "Hello?", **more: Any) -> Case:
        return await cases.open_case(
            self.theirs, self.customer, subject=subject, text=text, because="asked", **more
        )

    async def texts(self, case: Case | None = None) -> list[str]:
        return [one.text for one in await cases.messages_of(self.tx, case or self.case)]


async def a_scene(tx: Tx, *, plan: people.Plan = "professional", **more: Any) -> Scene:
    customer = await people.add_customer(
        tx, name="Northbeck Outfitters", time_zone="Europe/Berlin", plan=plan
    )
    mine = acting(tx, themselves(customer))
    asked = {"subject": "My payment", "text": "Why did it fail?", "because": "asked"} | more
    return Scene(tx, customer, await cases.open_case(mine, customer, **asked))


async def kept_scene(house: House, **more: Any) -> Scene:
    """A scene that is committed: for those who act on it at once, in transactions of their own."""
    async with house.transaction(SYSTEM) as tx:
        return await a_scene(tx, **more)


async def a_colleague(tx: Tx, name: str, *teams: str) -> str:
    """Somebody who can be given work; returns their id."""
    actor = await tokens.of_bearer(tx, await tokens.create(tx, name=name, role="agent"))
    assert actor
    await roster.set_teams(tx, actor.id, teams)
    return actor.id


async def events_of(tx: Tx, case: Case) -> list[str]:
    rows = await tx.all("select name from events where subject = %s order by seq", (case.id,))
    return [row["name"] for row in rows]


async def due(tx: Tx, name: str, subject: str) -> datetime | None:
    row = await tx.one(
        "select due_at from timers where name = %s and subject = %s", (name, subject)
    )
    return row["due_at"] if row else None
