"""What was done in a customer's name, in words that a customer follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prunella.actions import Action
from prunella.web.views.asked import amount_of
from prunella.web.views.desk import State
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
    found: Sequence[Action], saying: Saying, *, company: str, with_reasons: bool
) -> list[DeedTold]:
    """Newest first; a page that was opened changed nothing, so it is left out.

    `with_reasons`: they were written in one language, and help nobody who reads another.
    """
    told = (one for one in found if one.kind not in _PAGES)
    return [_told(one, saying, company=company, with_reasons=with_reasons) for one in told]


def _told(action: Action, saying: Saying, *, company: str, with_reasons: bool) -> DeedTold:
    amount = amount_of(action, saying)
    done = saying.say(f"page.deed.kind_{action.kind}")
    title = saying.say("page.approval.titled", kind=done, amount=amount) if amount else done
    words = str((action.error or {}).get("words") or "")
    if action.state in {"denied", "awaiting_approval"} and not words:
        words = str(action.decision.get("explanation", ""))
    return DeedTold(
        state=_STATES.get(action.state, "wait"),
        word=saying.say(f"page.deed.{action.state}"),
        title=title,
        text=words if with_reasons and action.state != "succeeded" else "",
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
