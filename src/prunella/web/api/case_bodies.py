"""What programs send about cases."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from prunella.cases import (
    OPEN,
    Change,
    Channel,
    Filter,
    Kind,
    Level,
    LinkKind,
    Order,
    Severity,
    Status,
)
from prunella.cases.change import AWAKE, MAX_CASES
from prunella.cases.filters import NOBODY
from prunella.people import Team
from prunella.web.api.bodies import Body, Id, Line, Text, plain
from prunella.web.api.file_bodies import Files
from prunella.web.api.sla import Moment

Tag = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.: -]{0,39}$")]
Tags = Annotated[tuple[Tag, ...], Field(max_length=20, strict=False)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Address = Annotated[str, StringConstraints(min_length=3, max_length=254)]
Decider = Literal["agent", "finance", "lead", "admin", "nobody"]
Words = Annotated[str, StringConstraints(max_length=2000), AfterValidator(plain)]


class CaseBody(Body):
    """`text` is what the case is about; the customer reads it with the case, whoever opened it.

    What only staff say: `tags`, and `on_behalf` where the words are the customer's own: they stand
    among the `messages` as theirs. Without it they stand there as a note, which only staff see.
    """

    customer: Id
    subject: Line
    text: Text
    severity: Severity = "medium"
    kind: Kind = "question"
    channel: Channel = "api"
    tags: Tags = ()
    on_behalf: bool = False
    attachments: Files = Field(default_factory=list)

    @property
    def is_for_staff(self) -> bool:
        return bool(self.tags or self.on_behalf)


class CaseChange(Body):
    """What is left out stays. `assignee` is a colleague's id or `me`; null is nobody.

    `snoozed_until` null brings it back at once.
    """

    status: Status | None = None
    severity: Severity | None = None
    kind: Kind | None = None
    level: Level | None = None
    team: Team | None = None
    assignee: Id | None = None
    add_tags: Tags = ()
    remove_tags: Tags = ()
    snoozed_until: Moment | None = None
    spam: bool | None = None
    root_cause: Words = ""

    def to_change(self) -> Change:
        given = self.model_fields_set
        return Change(
            status=self.status,
            severity=self.severity,
            kind=self.kind,
            level=self.level,
            team=self.team,
            assignee=self.assignee or (NOBODY if "assignee" in given else None),
            add_tags=self.add_tags,
            remove_tags=self.remove_tags,
            snooze=self.snoozed_until or (AWAKE if "snoozed_until" in given else None),
            spam=self.spam,
            root_cause=self.root_cause,
        )


class ManyBody(Body):
    cases: Annotated[list[Id], Field(min_length=1, max_length=MAX_CASES)]
    change: CaseChange


class MessageBody(Body):
    """Staff answer the customer with it; as a `note` it stays among us.

    With an answer: who reads along, and what becomes of the case.
    """

    text: Text
    note: bool = False
    cc: Annotated[list[Address], Field(max_length=20)] = Field(default_factory=list)
    status: Status = "pending"
    root_cause: Words = ""
    attachments: Files = Field(default_factory=list)


class MergeBody(Body):
    into: Id


class SplitBody(Body):
    messages: Annotated[list[Id], Field(min_length=1, max_length=100)]
    subject: Line


class LinkBody(Body):
    case: Id
    kind: LinkKind = "related"


class EscalationBody(Body):
    """`because` is a short code, such as `needs_a_developer`; a sentence belongs in a note."""

    to: Level
    because: Code


class OwnerBody(Body):
    customer: Id


class Wanted(BaseModel):
    """Which cases a list shows: open ones that are no spam, unless something else is said.

    `assignee` is a colleague's id, `me` or `none`; without `snoozed`, also what is put aside.
    `decides`, for staff: on which something waits that this role has to decide, at the least.
    """

    customer: Id | None = None
    status: list[Status] = Field(default_factory=list)
    assignee: Id | None = None
    team: Team | None = None
    tag: Tag | None = None
    severity: Severity | None = None
    level: Level | None = None
    kind: Kind | None = None
    decides: Decider | None = None
    snoozed: bool | None = None
    spam: bool = False
    due_before: Moment | None = None
    order: Order = "newest"
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    def to_filter(self, customer: str | None) -> Filter:
        return Filter(
            statuses=tuple(self.status) or OPEN,
            assignee=self.assignee,
            team=self.team,
            tag=self.tag,
            severity=self.severity,
            level=self.level,
            kind=self.kind,
            customer=customer,
            snoozed=self.snoozed,
            spam=self.spam,
            due_before=self.due_before,
            order=self.order,
        )

    def of_their_own(self, customer: str) -> Filter:
        """What a customer may ask for about their own cases: which status."""
        statuses = tuple(self.status) or OPEN
        return Filter(statuses=statuses, customer=customer, snoozed=None, spam=None, order="newest")


WantedQuery = Annotated[Wanted, Query()]
