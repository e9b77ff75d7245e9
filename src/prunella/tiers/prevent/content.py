"""Reading content/dunning.toml, with words for whoever edits it."""

from collections.abc import Callable, Iterator
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from prunella.cases import LetterRules, Quiet
from prunella.settings import Content, ContentError, Problem, unknown_keys
from prunella.tiers.prevent.dunning import (
    AT_CUT_OFF,
    NOTICES,
    SCHEDULES,
    Dunning,
    Schedule,
    ScheduleName,
)

FILE = "dunning.toml"
MAX_TRIES = 15
LAST_DAY = 30
"""Networks allow 15 tries in 30 days, so a plan ends by then."""
Rule = tuple[Callable[[Any], bool], str]
# What holds where a file from before has no such table.
_DEFAULTS: dict[str, Any] = {"late": {"spread_days": 7}, "cut_off": {"then": "person"}}


def read(content: Content) -> Dunning:
    """Read the file. Raises `ContentError` with everything that is wrong, in words."""
    problems = check(content)
    if problems:
        raise ContentError("\n".join(problems))
    found = _DEFAULTS | content.toml(FILE)
    quiet, notices = found["quiet"], found["notices"]
    return Dunning(
        rules=LetterRules(
            most=found["cap"]["letters"],
            within_days=found["cap"]["days"],
            quiet=Quiet(_time(quiet["from"]), _time(quiet["until"]), quiet["weekends"]),
        ),
        first_letter_waits=quiet["first_letter_waits"],
        holdout_share=Decimal(found["holdout"]["share"]),
        holdout_customers=found["holdout"]["customers"],
        tries_at=_time(found["tries"]["at"]),
        spread_days=found["late"]["spread_days"],
        at_cut_off=found["cut_off"]["then"],
        schedules={name: _schedule(found["classes"][name]) for name in SCHEDULES},
        card_days=tuple(notices["card_expiring"]["days"]),
        unusual_factor=Decimal(notices["bill_unusual"]["factor"]),
        unusual_invoices=notices["bill_unusual"]["invoices"],
        unsubscribable=frozenset(name for name in NOTICES if notices[name]["unsubscribe"]),
        digest=content.digest,
    )


def check(content: Content) -> list[str]:
    """Return what is wrong with dunning.toml: file, line and remedy, a line each."""
    return content.checked(FILE, lambda found: _problems(_DEFAULTS | found))


def _problems(found: dict[str, Any]) -> Iterator[Problem]:
    tops = dict.fromkeys(table.partition(".")[0] for table in (*_TABLES, "classes"))
    yield from unknown_keys("", found, tuple(tops))
    for table, rules in _TABLES.items():
        yield from _table_problems(found, table, rules)
    for name in found.get("classes", {}) if isinstance(found.get("classes"), dict) else ():
        if name not in SCHEDULES:
            known = ", ".join(SCHEDULES)
            yield f"classes.{name}", "", f"there is no kind of failure {name}: use one of {known}"
    for name in SCHEDULES:
        table = f"classes.{name}"
        before = list(_table_problems(found, table, _CLASS, optional=_OPTIONAL))
        yield from before
        if not before:
            yield from _order_problems(found["classes"][name], table, name)


def _table_problems(
    found: dict[str, Any],
    table: str,
    rules: dict[str, Rule],
    optional: frozenset[str] = frozenset(),
) -> Iterator[Problem]:
    values: Any = found
    for part in table.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    if not isinstance(values, dict):
        yield table, "", f"[{table}] is missing: add it with {', '.join(set(rules) - optional)}"
        return
    for key, (fits, remedy) in rules.items():
        if key not in values and key not in optional:
            yield table, "", f"{table} needs {key}: {remedy}"
        elif key in values and not fits(values[key]):
            yield table, key, f"{key} does not fit: {remedy}"
    for key in values:
        if key not in rules:
            yield table, key, f"{key} is unknown: use {', '.join(rules)}"


def _order_problems(plan: dict[str, Any], table: str, name: ScheduleName) -> Iterator[Problem]:
    if not plan["letters"]:
        yield table, "letters", "letters needs at least one day, like [0]"
    elif plan["letters"][-1] >= plan["cut_off_notice"]:
        yield table, "cut_off_notice", "cut_off_notice comes after the last of letters: raise it"
    if plan["cut_off_notice"] >= plan["cut_off"]:
        yield table, "cut_off", "cut_off comes after cut_off_notice: raise it"
    if plan["tries"] and name in _NEVER_TRIED:
        yield table, "tries", f"{name} is never tried again without another card: write tries = []"


def _schedule(plan: dict[str, Any]) -> Schedule:
    days = {key: tuple(plan[key]) for key in ("letters", "tries")}
    return Schedule(**plan | days)


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == len("08:00") and bool(str(_time(value)))
    except ValueError:
        return False


def _is_int(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_days(value: Any, least: int = 0, most: int = LAST_DAY) -> bool:
    if not isinstance(value, list) or not all(_is_int(day, least, most) for day in value):
        return False
    return value == sorted(set(value)) and len(value) <= MAX_TRIES


def _is_number(value: Any, least: Decimal, most: Decimal) -> bool:
    try:
        return isinstance(value, str) and least <= Decimal(value) <= most
    except InvalidOperation:
        return False


_NEVER_TRIED = ("hard", "needs_customer", "card_data", "consent_withdrawn", "special")
_CLOCK: Rule = (_is_time, 'write a time like "20:00"')
_SWITCH: Rule = (lambda value: isinstance(value, bool), "write true or false")
_DAY: Rule = (lambda value: _is_int(value, 0, LAST_DAY), f"write a day from 0 to {LAST_DAY}")
_COUNT: Rule = (lambda value: _is_int(value, 1, 1000), "write a whole number from 1 to 1000")
_DAYS: Rule = (_is_days, f"write days in order, like [0, 2, 6], none above {LAST_DAY}")
_AHEAD: Rule = (
    lambda value: bool(value) and _is_days(sorted(value) if isinstance(value, list) else value, 1),
    "write days ahead, like [30, 15, 7]",
)
_SHARE: Rule = (lambda value: _is_number(value, Decimal(0), Decimal(1)), 'write it like "0.05"')
_FACTOR: Rule = (lambda value: _is_number(value, Decimal(1), Decimal(100)), 'write it like "1.5"')
_SPREAD: Rule = (lambda value: _is_int(value, 1, LAST_DAY), f"write 1 to {LAST_DAY} days")
_THEN: Rule = (
    lambda value: value in AT_CUT_OFF,
    "write " + " or ".join(f'"{one}"' for one in AT_CUT_OFF),
)
_MANY: Rule = (lambda value: _is_int(value, 0, 10**9), "write a whole number, like 400")
_TABLES: dict[str, dict[str, Rule]] = {
    "quiet": {"from": _CLOCK, "until": _CLOCK, "weekends": _SWITCH, "first_letter_waits": _SWITCH},
    "cap": {"letters": _COUNT, "days": _COUNT},
    "holdout": {"share": _SHARE, "customers": _MANY},
    "tries": {"at": _CLOCK},
    "late": {"spread_days": _SPREAD},
    "cut_off": {"then": _THEN},
    "notices.card_expiring": {"days": _AHEAD, "unsubscribe": _SWITCH},
    "notices.trial_ending": {"unsubscribe": _SWITCH},
    "notices.bill_unusual": {"factor": _FACTOR, "invoices": _COUNT, "unsubscribe": _SWITCH},
}
_CLASS: dict[str, Rule] = {
    "letters": _DAYS,
    "tries": _DAYS,
    "cut_off_notice": _DAY,
    "cut_off": _DAY,
    "soon_hours": _COUNT,
    "person": _DAY,
}
_OPTIONAL = frozenset({"soon_hours", "person"})
