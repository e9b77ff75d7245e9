"""The recovery plan of a failed invoice as a stem: what was done, what comes next, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prunella.tiers.prevent import Plan
from prunella.tiers.prevent import Step as PlanStep
from prunella.web.views.saying import Saying
from prunella.web.views.story import Shape, Step

TOLD_HERE = {"cutoff", "person"}
"""What was done and is told nowhere else: a try is told by its result, a letter by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPlan:
    """A plan as the desk sees it, what was only considered included."""

    invoice: str
    amount: str
    kind: str
    held_out: bool
    running: bool
    ended: str
    steps: list[Step]


def planned_steps(plan: Plan | None, saying: Saying) -> list[Step]:
    """What the customer may read of it: what comes next, and what only the plan knows of."""
    if plan is None:
        return []
    done = (step for step in plan.for_customer if step.state == "done" and step.kind in TOLD_HERE)
    ahead = (step for step in plan.for_customer if step.awaited and step.due_at > saying.now)
    return [
        *(_step(step, saying, text="", shape="") for step in done),
        *(_ahead(step, saying) for step in ahead),
    ]


def staff_plan(plan: Plan, saying: Saying) -> StaffPlan:
    ended = saying.say(f"plan.why.{plan.ended_because}") if plan.ended_because else ""
    return StaffPlan(
        invoice=plan.invoice,
        amount=plan.amount.format(saying.words.locale),
        kind=saying.say(f"plan.class.{plan.decline_class}"),
        held_out=plan.held_out,
        running=plan.running,
        ended=ended,
        steps=list(_everything(plan.steps, saying)),
    )


def _ahead(step: PlanStep, saying: Saying) -> Step:
    text = saying.say(f"page.recovery.{step.kind}", time=saying.time(step.due_at))
    return _step(step, saying, text=text, shape="bad" if step.kind == "cutoff" else "next")


def _everything(steps: Sequence[PlanStep], saying: Saying) -> Iterator[Step]:
    shapes: dict[str, Shape] = {"done": "", "next": "next", "skipped": "warn"}
    for step in sorted(steps, key=lambda one: one.moment):
        named = saying.say(f"plan.letter.{step.called}") if step.kind == "letter" else ""
        moved = step.due_at != step.planned_at and step.awaited
        from_day = saying.say("page.recovery.moved", day=saying.short_day(step.planned_at))
        parts = [named, saying.time(step.moment), saying.say(step.why), from_day if moved else ""]
        text = ". ".join(part.rstrip(".") for part in parts if part) + "."
        is_cut = step.kind == "cutoff" and step.awaited
        yield _step(step, saying, text=text, shape="bad" if is_cut else shapes[step.state])


def _step(step: PlanStep, saying: Saying, *, text: str, shape: Shape) -> Step:
    return Step(
        at=step.moment,
        when=saying.short_day(step.moment),
        title=saying.say(step.key),
        text=text,
        shape=shape,
    )
