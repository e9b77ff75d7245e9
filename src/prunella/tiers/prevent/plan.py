"""A recovery plan: what was done about a failed invoice, what comes next, when and why."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from prunella.kit.money import Money
from prunella.tiers.prevent.dunning import ScheduleName

StepKind = Literal["letter", "our_try", "stripe_try", "cutoff", "person"]
StepState = Literal["next", "done", "skipped"]
LetterName = Literal["first", "reminder", "last", "cut_off_notice"]
StopReason = Literal[
    "paid",
    "voided",
    "uncollectible",
    "canceled",
    "disputed",
    "customer_deleted",
    "person",
    "invoice_gone",
    "exhausted",
]
# Why a step was moved or skipped, beside the reasons for which a whole plan stops.
StepReason = Literal[
    "planned",
    "quiet",
    "cap",
    "processing",
    "nothing_to_say",
    "written_before",
    "new_card",
    "stripe_planned",
    "held_out",
    "no_address",
    "overtaken",
    "too_late",
    "class_changed",
    "stripe_tries",
    "bank_final",
    "refused",
]
# A customer is shown what happened and what will; not what was considered.
_SHOWN_TO_CUSTOMERS = ("next", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `planned_at` is the first plan, `due_at` what became of it, `at` when it was over.

    `key` names its sentence in the message catalogue, `why` that of its reason. `ref` is the id of
    the message, action or case that it made.
    """

    kind: StepKind
    name: str
    state: StepState
    planned_at: datetime
    due_at: datetime
    at: datetime | None = None
    reason: StepReason | StopReason = "planned"
    ref: str | None = None
    id: int = 0

    @property
    def key(self) -> str:
        return f"plan.{self.kind}_{self.state}"

    @property
    def why(self) -> str:
        return f"plan.why.{self.reason}"

    @property
    def called(self) -> str:
        """What a step of a second schedule carries behind its name only tells it apart."""
        return self.name.split(":", maxsplit=1)[0]

    @property
    def moment(self) -> datetime:
        """Where it stands on the stem: when it was over, else when it is due."""
        return self.at or self.due_at

    @property
    def awaited(self) -> bool:
        return self.state == "next"

    def wait_until(self, due_at: datetime, reason: StepReason) -> "Step":
        return replace(self, due_at=due_at, reason=reason)

    def finish(self, at: datetime, *, ref: str | None = None) -> "Step":
        return replace(self, state="done", at=at, ref=ref)

    def skip(self, at: datetime, reason: StepReason | StopReason) -> "Step":
        return replace(self, state="skipped", at=at, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One failed invoice's plan. `held_out` and `decline_class` are for staff alone.

    `resumed_at` is from when its steps count, once it went on after a person.
    """

    invoice: str
    customer: str
    subscription: str | None
    decline_class: ScheduleName
    held_out: bool
    amount: Money
    state: Literal["running", "ended"]
    ended_because: StopReason | None
    content: str
    opened_at: datetime
    stripe_stopped_at: datetime | None
    ended_at: datetime | None
    paid_at: datetime | None
    resumed_at: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def running(self) -> bool:
        return self.state == "running"

    @property
    def counted_from(self) -> datetime:
        """The day 0 of its schedule."""
        return self.resumed_at or self.opened_at

    @property
    def told(self) -> bool:
        """Whether the customer was written to about it."""
        return any(one.kind == "letter" and one.state == "done" for one in self.steps)

    @property
    def over(self) -> bool:
        """Its last day has come, so it does not go on."""
        done = (one for one in self.steps if one.state == "done")
        return any(one.kind == "cutoff" or one.called == "last_day" for one in done)

    @property
    def awaited(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.awaited)

    @property
    def next_due_at(self) -> datetime | None:
        return min((step.due_at for step in self.awaited), default=None)

    @property
    def cut_off_at(self) -> datetime | None:
        cuts = (step for step in self.steps if step.kind == "cutoff")
        return next((step.due_at for step in cuts if step.state != "skipped"), None)

    @property
    def for_customer(self) -> tuple[Step, ...]:
        """What a customer may read: nothing that was only considered."""
        return tuple(step for step in self.steps if step.state in _SHOWN_TO_CUSTOMERS)

    def last_letter_planned_at(self) -> datetime | None:
        """When the last letter that went out had been planned for."""
        letters = (one for one in self.steps if one.kind == "letter" and one.state == "done")
        return max((one.planned_at for one in letters), default=None)
