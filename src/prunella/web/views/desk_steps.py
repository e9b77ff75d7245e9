"""What happened to a case, in one line each; what is said stands in the messages themselves."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from prunella.cases import Step
from prunella.people import Colleague
from prunella.web.views.saying import Saying

_SAID_ELSEWHERE = {"case.replied", "case.noted", "case.opened", "customer.viewed"}
_GOES_WITH = {"case.assigned": "status"}
"""What is given to somebody is open by that alone."""
_BY_WORDS = {"answered", "customer_wrote"}
_NAMED = {
    "status": "page.status",
    "severity": "page.severity",
    "team": "page.team",
    "level": "page.team",
    "kind": "page.kind_of",
}


def told_steps(
    steps: Sequence[Step], colleagues: Mapping[str, Colleague], saying: Saying
) -> Iterator[tuple[datetime, str]]:
    """Return when, and what, for each step that has words."""
    for step in steps:
        key = _key(step)
        silent = step.what in _SAID_ELSEWHERE or step.because in _BY_WORDS
        if silent or key not in saying.words.texts:
            continue
        what = ", ".join(dict.fromkeys(_changes(step, colleagues, saying)))
        yield step.at, saying.say(key, by=_by(step, colleagues, saying), what=what)


def _key(step: Step) -> str:
    """Who gives a case to themselves takes it."""
    if step.what == "case.assigned" and step.after.get("assignee") == step.actor_id:
        return "page.step.case_taken"
    return f"page.step.{step.what.replace('.', '_')}"


def _by(step: Step, colleagues: Mapping[str, Colleague], saying: Saying) -> str:
    if step.actor_kind == "customer":
        return saying.say("page.desk.customer")
    if step.actor_kind != "staff":
        return saying.say("page.step.itself")
    known = colleagues.get(step.actor_id)
    return known.name if known else step.actor_id


def _changes(step: Step, colleagues: Mapping[str, Colleague], saying: Saying) -> Iterator[str]:
    beside = _GOES_WITH.get(step.what, "")
    for name, value in step.after.items():
        if name == beside:
            continue
        key = f"{_NAMED.get(name, '')}.{value}"
        if key in saying.words.texts:
            yield saying.say(key)
        elif name == "assignee":
            known = colleagues.get(str(value))
            yield known.name if known else str(value or saying.say("page.step.nobody"))
        elif name == "tags" and isinstance(value, list):
            yield ", ".join(str(tag) for tag in value)
        elif name == "snoozed_until" and value:
            at = saying.until(datetime.fromisoformat(str(value)))
            yield saying.say("page.step.until", at=at)
