"""What is wrong with what sla.toml says about late cases, batches and assignment. Pure."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from prunella.cases.sla.due import SEVERITIES
from prunella.people.zones import is_zone
from prunella.settings import Problem, unknown_keys

MAX_TIMES = 24
ALL = 100
MAX_CAPACITY = 1000


def late_problems(late: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys("late", late, ("warn_at", "silent_at"))
    if not _is_share(late.get("warn_at"), least=1):
        yield "late", "warn_at", "warn_at must be a whole number from 1 to 99"
    if not _is_share(late.get("silent_at"), least=0):
        yield "late", "silent_at", "silent_at must be a whole number from 0 (never) to 99"


def batch_problems(batches: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys("batches", batches, ("on", "severities", "times", "time_zone"))
    if not isinstance(batches.get("on"), bool):
        yield "batches", "on", "on is true or false"
    severities = batches.get("severities")
    if not isinstance(severities, list) or not all(one in SEVERITIES for one in severities):
        yield "batches", "severities", f"severities holds some of {', '.join(SEVERITIES)}"
    times = batches.get("times")
    if not isinstance(times, list) or not 0 < len(times) <= MAX_TIMES or not _are_times(times):
        yield "batches", "times", 'times holds 1 to 24 times, like times = ["10:00", "15:00"]'
    zone = batches.get("time_zone", "UTC")
    if not isinstance(zone, str) or not is_zone(zone):
        yield "batches", "time_zone", "time_zone must be a name like Europe/Berlin"


def assignment_problems(assignment: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys("assignment", assignment, ("on", "capacity"))
    if not isinstance(assignment.get("on"), bool):
        yield "assignment", "on", "on is true or false"
    capacity = assignment.get("capacity")
    if type(capacity) is not int or not 0 < capacity <= MAX_CAPACITY:
        yield "assignment", "capacity", "capacity must be a whole number from 1 to 1000"


def _is_share(value: Any, *, least: int) -> bool:
    return type(value) is int and least <= value < ALL


def _are_times(texts: list[Any]) -> bool:
    try:
        return all(len(text) == len("09:00") and time.fromisoformat(text) for text in texts)
    except (TypeError, ValueError):
        return False
