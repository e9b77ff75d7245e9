"""What is wrong with sla.toml: file, line and remedy. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from prunella.cases.sla.check_calendars import calendar_problems
from prunella.cases.sla.check_late import assignment_problems, batch_problems, late_problems
from prunella.cases.sla.due import SEVERITIES
from prunella.cases.sla.promise import NoPromiseError, OddHoursError, read_promise
from prunella.cases.sla.rules import ALWAYS, BUSINESS_HOURS, FILE, NONE, Rules, read_rules
from prunella.settings import Content, ContentError, Problem, table_of, unknown_keys

PLANS = ("free", "starter", "professional", "enterprise")
"""Those of `people.Plan`, which this cannot import: it knows no database."""
RUNS = (BUSINESS_HOURS, ALWAYS)
KEYS = ("unknown_plan", "plans", "calendars", "late", "batches", "assignment")
KEYS_OF_PLAN = ("runs", "met", "response", "resolution")


def read(content: Content, home_zone: str) -> Rules:
    """Read the rules. Raises `ContentError` with everything that is wrong, in words."""
    problems = check(content)
    if problems:
        raise ContentError("\n".join(problems))
    return read_rules(content.text(FILE), home_zone)


def check(content: Content) -> list[str]:
    """Return what is wrong with sla.toml: file, line and remedy, a line each."""
    return content.checked(FILE, _problems)


def _problems(fields: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys("", fields, KEYS)
    if fields.get("unknown_plan") not in PLANS:
        yield "", "unknown_plan", f"unknown_plan must be one of {', '.join(PLANS)}"
    yield from _plan_problems(table_of(fields, "plans"))
    yield from calendar_problems(table_of(fields, "calendars"))
    yield from late_problems(table_of(fields, "late"))
    yield from batch_problems(table_of(fields, "batches"))
    yield from assignment_problems(table_of(fields, "assignment"))


def _plan_problems(plans: Mapping[str, Any]) -> Iterator[Problem]:
    for name in plans:
        if name not in PLANS:
            yield f"plans.{name}", "", f"{name} is no plan: use one of {', '.join(PLANS)}"
    for name in PLANS:
        here = f"plans.{name}"
        plan = table_of(plans, name)
        if not plan:
            yield "", "", f"the plan {name} is missing: add a table [{here}]"
            continue
        yield from unknown_keys(here, plan, KEYS_OF_PLAN)
        if plan.get("runs") not in RUNS:
            yield here, "runs", f'runs must be "{BUSINESS_HOURS}" or "{ALWAYS}"'
        if not _is_share(plan.get("met", 1)):
            yield here, "met", "met must be a whole number from 1 to 100"
        yield from _promise_problems(plan.get("response"), here, "response")
        yield from _promise_problems(plan.get("resolution"), here, "resolution")


def _promise_problems(promises: Any, here: str, key: str) -> Iterator[Problem]:
    if not isinstance(promises, dict) or set(promises) != set(SEVERITIES):
        yield here, key, f"{key} must name each of {', '.join(SEVERITIES)}"
        return
    for severity, text in promises.items():
        if text == NONE and key == "resolution":
            continue
        if text == NONE:
            yield here, key, f"{severity}: an answer is always promised: write a time"
            continue
        try:
            read_promise(str(text))
        except (NoPromiseError, OddHoursError) as error:
            yield here, key, f"{severity}: {text} is no time. {error.__doc__}"


def _is_share(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 100  # noqa: PLR2004 per cent
