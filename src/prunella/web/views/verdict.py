"""What policy would decide, said before it is asked. Pure."""

from dataclasses import dataclass

from prunella.actions.policy import Decision
from prunella.web.views.desk import State
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True)
class Verdict:
    state: State
    told: str

    @property
    def possible(self) -> bool:
        return self.state != "bad"


def verdict_of(decision: Decision, saying: Saying, *, limited: bool = False) -> Verdict:
    """`limited`: no amount was named yet, and not every one is theirs to decide."""
    why = decision.explanation_for_staff
    match decision.verdict:
        case "allow":
            return Verdict("ok", saying.say("page.do.may_some" if limited else "page.do.may"))
        case "needs_approval":
            return Verdict("warn", saying.say("page.do.waits", why=why))
    return Verdict("bad", why)
