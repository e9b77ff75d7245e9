"""Something a customer began, while it waits: for a person, or for them to come back. Pure."""

from dataclasses import dataclass

from prunella.actions import Action, is_for_overcharge
from prunella.tiers.selfheal import FixRun
from prunella.web.views.asked import amount_of
from prunella.web.views.asking import Asking
from prunella.web.views.saying import Saying

_MONEY = {"refund": "page.begun.money", "credit_note": "page.begun.credit"}


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
    by_finance = action is not None and is_for_overcharge(action)
    waits = saying.say("page.begun.finance" if by_finance else "page.begun.waits")
    parts = (waits, told.text if told else "")
    return Waiting(
        fix=run.fix,
        target=run.target,
        title=_title(action, amount, saying),
        text=" ".join(part for part in parts if part),
        case=told.id if told else "",
    )


def _title(action: Action | None, amount: str, saying: Saying) -> str:
    key = _MONEY.get(action.kind) if action and amount else None
    return saying.say(key, amount=amount) if key else saying.say("page.begun.it")


def away(run: FixRun, saying: Saying) -> Waiting:
    return Waiting(
        fix=run.fix,
        target=run.target,
        title=saying.say("page.waiting.away"),
        text=saying.say("page.waiting.away_text"),
        back=True,
    )
