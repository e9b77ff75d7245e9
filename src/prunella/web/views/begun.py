"""Something a customer began, while it waits: for a person, or for them to come back. Pure."""

from dataclasses import dataclass

from prunella.actions import Action
from prunella.tiers.selfheal import FixRun
from prunella.web.views.asked import amount_of
from prunella.web.views.asking import Asking
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What it is, and what happens next; `back`: they themselves can go on with it."""

    fix: str
    target: str
    title: str
    text: str
    case: str = ""
    back: bool = False


def waiting(run: FixRun, action: Action | None, told: Asking | None, saying: Saying) -> Waiting:
    """Say by when a person decides; `told` is the case in which they do."""
    amount = amount_of(action, saying) if action else ""
    back = action is not None and action.kind == "refund" and amount
    parts = (saying.say("page.begun.waits"), told.text if told else "")
    return Waiting(
        fix=run.fix,
        target=run.target,
        title=saying.say("page.begun.money", amount=amount)
        if back
        else saying.say("page.begun.it"),
        text=" ".join(part for part in parts if part),
        case=told.id if told else "",
    )


def away(run: FixRun, saying: Saying) -> Waiting:
    return Waiting(
        fix=run.fix,
        target=run.target,
        title=saying.say("page.waiting.away"),
        text=saying.say("page.waiting.away_text"),
        back=True,
    )
