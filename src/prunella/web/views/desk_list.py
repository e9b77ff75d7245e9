"""The inbox: views with their counts, and cases in groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from prunella.web.views.desk import CaseRow
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLink:
    label: str
    href: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    title: str
    rows: list[CaseRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """`query` keeps the view and the place in it; `next` leads to older ones, or is empty."""

    title: str
    view: str
    tabs: list[ViewLink]
    more: list[ViewLink]
    groups: list[Group]
    query: str
    next: str


def next_of(groups: Sequence[Group], case: str) -> CaseRow | None:
    """Return the most pressing one besides this: where whoever is done with it goes on."""
    rows = (row for group in groups for row in group.rows)
    return next((row for row in rows if row.id != case and not row.rests), None)


def query_of(view: str, after: str | None = None) -> str:
    return urlencode({"view": view} | ({"after": after} if after else {}))


def groups_of(rows: Sequence[CaseRow], saying: Saying, *, apart: bool) -> list[Group]:
    """What we owe comes first; what waits for the customer, or sleeps, stands apart."""
    if not apart:
        return [Group(title="", rows=list(rows))] if rows else []
    named = (
        ("page.inbox.due_first", [row for row in rows if not row.rests]),
        ("page.inbox.waiting", [row for row in rows if row.rests]),
    )
    return [Group(title=saying.say(key), rows=found) for key, found in named if found]
