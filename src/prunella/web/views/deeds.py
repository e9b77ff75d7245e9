"""What was done in a customer's name, in words that a customer follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prunella.actions import Action, Policy
from prunella.web.views.asked import amount_of
from prunella.web.views.desk import State
from prunella.web.views.reasons import reason_told
from prunella.web.views.saying import Saying

_STATES: Mapping[str, State] = {"succeeded": "ok", "failed": "bad", "denied": "warn"}
_PAGES = frozenset({"open_portal", "open_checkout"})
_OURS = frozenset({"system", "lee"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeedTold:
    """One thing that was done, or was not: who began it, and how it ended."""

    state: State
    word: str
    title: str
    text: str
    by: str
    at: str
    when: str


def deeds_told(
    found: Sequence[Action], policy: Policy, saying: Saying, *, company: str
) -> list[DeedTold]:
    """Newest first; a page that was opened changed nothing, so it is left out."""
    told = (one for one in found if one.kind not in _PAGES)
    return [_told(one, policy, saying, company=company) for one in told]


def _told(action: Action, policy: Policy, saying: Saying, *, company: str) -> DeedTold:
    amount = amount_of(action, saying)
    done = saying.say(f"page.deed.kind_{action.kind}")
    title = saying.say("page.approval.titled", kind=done, amount=amount) if amount else done
    return DeedTold(
        state=_STATES.get(action.state, "wait"),
        word=saying.say(f"page.deed.{action.state}"),
        title=title,
        text=reason_told(action, policy, saying.words),
        by=_by(action, saying, company=company),
        at=action.created_at.isoformat(),
        when=saying.until(action.created_at),
    )


def _by(action: Action, saying: Saying, *, company: str) -> str:
    kind = action.requested_by.kind
    if kind == "customer":
        return saying.say("page.deed.by_you")
    if kind in _OURS:
        return saying.say("page.deed.by_itself")
    return saying.say(
        "page.deed.by_person" if kind == "staff" else "page.deed.by_company", company=company
    )
