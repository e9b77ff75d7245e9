"""What a person is asked to decide, beside the case that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from prunella.actions import Policy, Waiting
from prunella.web.views.approvals import Question, question_of
from prunella.web.views.asked import amount_of, figures_of, reason_of, rules_of, title_of
from prunella.web.views.desk import State
from prunella.web.views.exactly import exactly
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    action: str
    title: str
    amount: str
    reason: str
    exact: list[tuple[str, str]]
    rules: list[tuple[State, str, str]]
    figures: list[tuple[str, str]]
    question: Question
    more: int


def decision_of(
    waiting: Waiting,
    policy: Policy,
    saying: Saying,
    *,
    more: int,
    proof: Sequence[tuple[str, str]] = (),
) -> Decision:
    """`more` is how many others wait beside it; `proof` is what its figures rest on."""
    action = waiting.action
    return Decision(
        action=action.id,
        title=title_of(action, saying),
        amount=amount_of(action, saying),
        reason=reason_of(action, saying),
        exact=list(exactly(action, saying)),
        rules=list(rules_of(action, policy, saying)),
        figures=[*figures_of(waiting.facts, saying), *proof],
        question=question_of(waiting, saying),
        more=more,
    )
