"""Whether facts are what the schema promises the rules: all that must be there, of its type.

Cedar's own check of each request against the schema takes longer than the judgement. The schema
is made of the same classes, so what passes here passes there.
"""

from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from prunella.actions.policy.facts import NEEDS, Facts

LARGEST = 2**63 - 1
PLAIN = frozenset({str, int, bool})


class UnfitError(Exception):
    """A fact is missing, or is not of its type."""


def check_fit(facts: Facts, *, kind: str) -> None:
    """Raises `UnfitError` naming the fact that `kind` cannot be judged with, or without."""
    for name in NEEDS.get(kind, ()):
        if getattr(facts, name) is None:
            raise UnfitError(name)
    _check(facts)


def _check(record: Any) -> None:
    for name, type_, may_miss in promised(record.__class__):
        value = getattr(record, name)
        found = value.__class__
        if found is not type_:
            if value is not None or not may_miss:
                raise UnfitError(name)
        elif type_ is int:
            if not -LARGEST <= value <= LARGEST:
                raise UnfitError(name)
        elif type_ is tuple:
            if any(one.__class__ is not str for one in value):
                raise UnfitError(name)
        elif type_ not in PLAIN:
            _check(value)


@lru_cache(maxsize=64)
def promised(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Return name, type and whether it may be missing, of each field of a record.

    What no rule is shown is not promised.
    """
    found = []
    for one in fields(kind):
        may_miss = isinstance(one.type, UnionType)
        given = get_args(one.type) if may_miss else (one.type,)
        bare: Any = next(type_ for type_ in given if type_ is not NoneType)
        known: Any = get_origin(bare) or bare
        if known in {*PLAIN, tuple} or is_dataclass(known):
            found.append((one.name, known, may_miss))
    return tuple(found)
