"""Lists that somebody keeps under a name: their own, or shared with everybody.

A view keeps what is asked for, not what was found; `me` in a shared view is whoever looks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from typing import Any

from psycopg.errors import UniqueViolation

from prunella import audit
from prunella.cases import store_views as store
from prunella.cases.filters import Filter
from prunella.kit.house import Tx
from prunella.people import find_customer

MAX_VIEWS = 50
MAX_NAME = 60
LEADS = ("admin", "lead")
READERS = ("viewer",)


class ViewNameError(ValueError):
    """Give the view a name of up to 60 characters."""


class ViewNameTakenError(ValueError):
    """You have a view of this name already. Choose another name, or change that one."""


class TooManyViewsError(ValueError):
    """You have 50 views. Remove one that you no longer need."""


class NotYourViewError(PermissionError):
    """This view belongs to a colleague. Save one of your own, or ask them or a lead."""


class OwnViewsOnlyError(PermissionError):
    """You may keep views for yourself. Ask a colleague who works on cases to share one."""


class UnknownCustomerError(ValueError):
    """There is no such customer. Choose one that exists, or leave it out."""


@dataclass(frozen=True, slots=True)
class View:
    """`due_within` moves with the clock: cases whose deadline is no further away than that."""

    id: str
    owner: str
    name: str
    shared: bool
    filter: Filter
    due_within: timedelta | None = None

    def at(self, tx: Tx) -> Filter:
        """Return what it asks for now."""
        if self.due_within is None:
            return self.filter
        return replace(self.filter, due_before=tx.now + self.due_within)

    async def change(
        self,
        tx: Tx,
        *,
        name: str | None = None,
        shared: bool | None = None,
        wanted: Filter | None = None,
        due_within: timedelta | None = None,
    ) -> View:
        """Change what is given; with `wanted`, also how near a deadline has to be.

        Raises NotYourViewError, OwnViewsOnlyError, ViewNameError, ViewNameTakenError,
        UnknownCustomerError.
        """
        _must_be_theirs(tx, self)
        _must_be_able_to_share(tx, shared=self.shared if shared is None else shared)
        after = replace(
            self,
            name=self.name if name is None else _name(name),
            shared=self.shared if shared is None else shared,
            filter=await _checked(tx, wanted or self.filter),
            due_within=due_within if wanted else self.due_within,
        )
        await _put(tx, after)
        await audit.record(tx, "view.changed", self.id, before=_told(self), after=_told(after))
        return after

    async def remove(self, tx: Tx) -> None:
        """Raises NotYourViewError."""
        _must_be_theirs(tx, self)
        await store.remove(tx, self.id)
        await audit.record(tx, "view.removed", self.id, before=_told(self))


async def save_view(
    tx: Tx, *, name: str, wanted: Filter, shared: bool = False, due_within: timedelta | None = None
) -> View:
    """Save it for the actor, or for everybody.

    Raises OwnViewsOnlyError, ViewNameError, ViewNameTakenError, TooManyViewsError,
    UnknownCustomerError.
    """
    _must_be_able_to_share(tx, shared=shared)
    if await store.how_many(tx, tx.actor.id) >= MAX_VIEWS:
        raise TooManyViewsError
    asked = await _checked(tx, wanted)
    view = View(tx.new_id("view"), tx.actor.id, _name(name), shared, asked, due_within)
    await _put(tx, view)
    await audit.record(tx, "view.saved", view.id, after=_told(view))
    return view


async def views_of(tx: Tx) -> list[View]:
    """Return the actor's own views and the shared ones, by name; their own first."""
    return [_view(row) for row in await store.seen_by(tx, tx.actor.id, 2 * MAX_VIEWS)]


async def get_view(tx: Tx, view: str) -> View | None:
    """Return a view that the actor may see."""
    row = await store.one(tx, view)
    found = _view(row) if row else None
    return found if found and (found.shared or found.owner == tx.actor.id) else None


async def _put(tx: Tx, view: View) -> None:
    wanted = _to_json(view)
    try:
        async with tx.conn.transaction():
            await store.put(
                tx,
                {
                    "id": view.id,
                    "owner": view.owner,
                    "name": view.name,
                    "shared": view.shared,
                    "wanted": wanted,
                },
            )
    except UniqueViolation as error:
        raise ViewNameTakenError from error


async def _checked(tx: Tx, wanted: Filter) -> Filter:
    """A moment that passes is no part of a view; its customer has to be one, by our own id."""
    if wanted.customer:
        customer = await find_customer(tx, wanted.customer)
        if customer is None:
            raise UnknownCustomerError(wanted.customer[:40])
        wanted = replace(wanted, customer=customer.id)
    return replace(wanted, due_before=None)


def _must_be_theirs(tx: Tx, view: View) -> None:
    if view.owner != tx.actor.id and not (view.shared and tx.actor.role in LEADS):
        raise NotYourViewError


def _must_be_able_to_share(tx: Tx, *, shared: bool) -> None:
    """Who may only look gives others nothing to look at either."""
    if shared and tx.actor.role in READERS:
        raise OwnViewsOnlyError


def _name(name: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not 0 < len(plain) <= MAX_NAME:
        raise ViewNameError
    return plain


def _told(view: View) -> dict[str, audit.Value]:
    """What the log keeps: not the name, which is anybody's words."""
    return {"shared": view.shared, "owner": view.owner}


def _to_json(view: View) -> dict[str, Any]:
    values = asdict(view.filter)
    del values["due_before"]
    within = None if view.due_within is None else view.due_within.total_seconds()
    return values | {"due_within_s": within}


def _view(row: store.Row) -> View:
    known = {field.name for field in fields(Filter)}
    values = {name: value for name, value in row["wanted"].items() if name in known}
    within = row["wanted"].get("due_within_s")
    return View(
        id=row["id"],
        owner=row["owner"],
        name=row["name"],
        shared=row["shared"],
        filter=Filter(**values | {"statuses": tuple(values["statuses"])}),
        due_within=None if within is None else timedelta(seconds=within),
    )
