"""Whom an action is asked of: Stripe, or the company's own system, which is told of as theirs."""

from prunella.actions import Action
from prunella.web.views.saying import Saying

_OWN = "sync_entitlement"


def whose(action: Action, key: str, saying: Saying) -> str:
    """Return the key of what is said, the own system's where it is asked and has words."""
    own = f"{key}_own"
    return own if action.kind == _OWN and own in saying.words.texts else key
