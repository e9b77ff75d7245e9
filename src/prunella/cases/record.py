"""What a case is made of. Its verbs stand beside it, each in the file of what they are about."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from prunella.cases.tier import Channel
from prunella.people import Team

if TYPE_CHECKING:
    from prunella.cases.store import Row

Status = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
Severity = Literal["critical", "high", "medium", "low"]
Level = Literal["support", "engineering", "product", "legal"]
Kind = Literal["question", "incident", "problem", "task"]
Because = Literal[
    "asked",
    "refused",
    "action_denied",
    "approval",
    "action_failed",
    "action_unknown",
    "mail_failed",
    "recovery",
    "error",
]
OPEN: tuple[Status, ...] = ("new", "open", "pending", "on_hold")
SETTLED: tuple[Status, ...] = ("solved", "closed")


class CaseClosedError(Exception):
    """This case is closed. Open a new one; it will show this one beside it."""


@dataclass(frozen=True, slots=True)
class Record:
    """`context` is what was known when it was opened: `diagnosis`, `tried`, `actions`.

    `because` is why a person has it; `about` the id of the object in question, or empty;
    `promised_at` when the customer was told they get an answer, `due_at` the next deadline that we
    run at. `assignee` is a colleague's id;
    `merged_into` the case that goes on with this one. `cause` is what cases have in common that
    come back, `closings` how often this one was solved, `root_cause` what a person found.
    """

    id: str
    number: int
    customer: str
    contact: str
    subject: str
    about: str
    text: str
    status: Status
    severity: Severity
    level: Level
    because: Because
    context: dict[str, Any]
    promised_at: datetime
    opened_at: datetime
    answered_at: datetime | None
    solved_at: datetime | None
    due_at: datetime | None
    kind: Kind
    channel: Channel
    assignee: str | None
    team: Team
    tags: tuple[str, ...]
    priority: int
    snoozed_until: datetime | None
    spam: bool
    merged_into: str | None
    cause: str
    closings: int
    root_cause: str

    @classmethod
    def of(cls, row: Row) -> Self:
        values = {field.name: row[field.name] for field in fields(cls)}
        return cls(**values | {"tags": tuple(row["tags"])})


R = TypeVar("R", bound=Record)
