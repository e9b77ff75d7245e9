"""Every rule that applies is asked; the verdict names each one that was missed."""

from prunella.actions.policy.decision import Decision
from prunella.actions.policy.facts import Asker, Facts
from prunella.actions.policy.rule import Rule
from prunella.actions.policy.rules import RULES, WHO_MAY


def judge(facts: Facts) -> Decision:
    applying = [rule for rule in RULES if rule.about is None or facts.kind in rule.about]
    missed = [rule for rule in applying if not rule.kept(facts)]
    if not missed:
        return _allowed(applying)
    liftable = all(rule.a_person_may_lift for rule in missed)
    # What a person may lift is explained last: it is not what stands in the way.
    missed.sort(key=lambda rule: rule.a_person_may_lift)
    return Decision(
        verdict="needs_approval" if liftable else "deny",
        rules=tuple(rule.name for rule in missed),
        explanation=missed[0].for_customer,
        explanation_for_staff=" ".join(f"{rule.name}: {rule.for_staff}" for rule in missed),
    )


def may_ask(asker: Asker, *, kind: str, flow: str = "") -> bool:
    """Whether this asker may have this kind at all, whatever the rest of the facts."""
    facts = Facts(kind=kind, asker=asker, flow=flow)
    return all(rule.kept(facts) for rule in WHO_MAY)


def _allowed(kept: list[Rule]) -> Decision:
    names = tuple(rule.name for rule in kept)
    return Decision(
        verdict="allow",
        rules=names,
        explanation="This can be done right away.",
        explanation_for_staff=f"Every rule is kept: {', '.join(names)}.",
    )
