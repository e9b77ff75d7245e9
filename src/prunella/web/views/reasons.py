"""Why something was not done, in the language of the customer who reads it."""

from prunella.actions import Action, Policy
from prunella.actions.policy import ERROR
from prunella.diagnostics import Words

_STANDS = frozenset({("denied", "deny"), ("awaiting_approval", "needs_approval")})
_WENT_WRONG = {
    "declined": "todo.concealed",
    "needs_customer": "page.why.needs_customer",
    "changed": "page.why.changed",
    "nothing_happened": "page.why.nothing_happened",
}
"""What a customer is told of an error, by its class."""


def reason_told(action: Action, policy: Policy, words: Words) -> str:
    """Return what stands in the way of it, empty where nothing does, or a person has said more.

    What was allowed may wait as well, because somebody stopped what is automatic: then the rules
    are no reason.
    """
    if (action.state, action.decision.get("verdict")) in _STANDS:
        return decision_told(action, policy, words)
    return error_told(action, words)


def decision_told(action: Action, policy: Policy, words: Words) -> str:
    """Return the sentence of the rule that decided; without a translation, as it is kept."""
    if action.decision.get("verdict") == "allow":
        return words.say("page.why.allowed")
    name = next(iter(action.decision.get("rules") or ()), "")
    if name == ERROR:
        return words.say("page.why.unclear")
    rule = policy.rule(name)
    translated = rule.translated.get(words.locale) if rule else None
    return translated or str(action.decision.get("explanation", ""))


def error_told(action: Action, words: Words) -> str:
    """Return what went wrong, empty where nothing did, or where that is not known yet."""
    if action.state != "failed" or not action.error:
        return ""
    return words.say(_WENT_WRONG.get(str(action.error.get("class")), "page.why.other"))
