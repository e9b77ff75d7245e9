"""What Cedar is told of a request: words by an entity that it holds, figures with each request."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from json import JSONEncoder
from operator import attrgetter
from types import NoneType
from typing import Any

from prunella.actions.policy.asks import Asked
from prunella.actions.policy.facts import NEEDS, Facts
from prunella.actions.policy.fit import LARGEST, PLAIN, UnfitError, check_fit, promised
from prunella.actions.policy.limits import Limits
from prunella.actions.policy.shown import adds_to_day, context_of, used_of_day

DERIVED = frozenset({"possible", "gives", "limits"})
"""What follows from words alone."""
_ALWAYS = frozenset({"kind", "asker.kind", "asker.role", "currency"})
"""Words that `DERIVED` follows from."""
_THERE = ("asker", "limits", "day")
_OF_DAY = {"used": used_of_day, "this": adds_to_day}
_MOST = 1_000
_JSON = JSONEncoder(separators=(",", ":"), check_circular=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the facts of one kind are told: single facts go by one name, like `charge.age_days`.

    `flat` are the records that are told so: they are always there, and asked for by the fact.
    `words` (text, yes or no) are few, so that Cedar reads them once; `figures` are told each
    time. `rest` is what cannot be told flat. All facts are read at once, those that no rule asks
    for as well, so that one that does not fit is seen.
    """

    kind: str
    flat: AbstractSet[str]
    words: tuple[str, ...]
    figures: tuple[str, ...]
    rest: Asked
    _day: tuple[str, ...]
    _figures: slice
    _ints: slice
    _parts: slice
    _read: Callable[[Facts], tuple[Any, ...]]
    _fitting: set[tuple[type, ...]] = field(default_factory=set)
    _forms: dict[tuple[bool, ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, asked: Asked) -> "Reading":
        needed = NEEDS.get(kind, ())
        flat = {name for name in (*needed, *_THERE) if asked.get(name)}
        types = dict(_types_of(("asker", *needed)))
        single = {name for name in _names(asked, flat) if name in types}
        figures = tuple(sorted(name for name in single if types[name] is int))
        others = tuple(n for n in types if types[n] is int and n not in figures)
        words = single.difference(figures) | {n for n in types if types[n] is tuple} | _ALWAYS
        unasked = set(types).difference(words, figures, others)
        parts = tuple(n for n, type_, _ in promised(Facts) if type_ not in PLAIN)
        parts = tuple(name for name in parts if name not in {"asker", *needed})
        names = (*sorted(words), *figures, *others, *parts, *sorted(unasked))
        ends = len(words) + len(figures) + len(others)
        return cls(
            kind=kind,
            flat=flat,
            words=tuple(sorted(words)),
            figures=figures,
            rest={n: asked[n] for n in asked if n not in flat | DERIVED | single},
            _day=tuple(sorted(asked["day"] or ())) if "day" in flat else (),
            _figures=slice(len(words), len(words) + len(figures)),
            _ints=slice(len(words), ends),
            _parts=slice(ends, ends + len(parts)),
            _read=attrgetter(*names),
        )

    def read(self, facts: Facts) -> tuple[Any, ...]:
        """Return the values, words first, then figures. Raises `UnfitError`."""
        try:
            found = self._read(facts)
        except AttributeError as error:
            check_fit(facts, kind=self.kind)
            raise UnfitError(str(error)) from error
        types = tuple(map(type, found))
        if types not in self._fitting:
            check_fit(facts, kind=self.kind)
            # A record that no kind of this needs is looked into each time.
            if set(types[self._parts]) <= {NoneType} and len(self._fitting) < _MOST:
                self._fitting.add(types)
        for one in found[self._ints]:
            if one is not None and not -LARGEST <= one <= LARGEST:
                raise UnfitError(str(one))
        return found

    def context(self, found: tuple[Any, ...], facts: Facts, limits: Limits) -> str:
        """Return what Cedar reads with this request, as JSON; what is None is left out."""
        figures = found[self._figures]
        there = tuple([one is not None for one in figures])
        form = self._forms.get(there) or self._formed(there)
        day = [_OF_DAY[one](facts, limits) for one in self._day]
        told = form % (*[one for one in figures if one is not None], *day)
        rest = {n: self.rest[n] for n in self.rest if getattr(facts, n, n) is not None}
        if not rest:
            return f"{{{told}}}"
        more = _JSON.encode(context_of(facts, limits, rest))
        return f"{{{told},{more[1:]}" if told else more

    def _formed(self, there: tuple[bool, ...]) -> str:
        names = [name for name, one in zip(self.figures, there, strict=True) if one]
        names += [f"day.{one}" for one in self._day]
        form = self._forms[there] = ",".join(f'"{name}":%d' for name in names)
        return form


def _names(asked: Asked, flat: AbstractSet[str]) -> Iterator[str]:
    """Return the names that single facts go by."""
    for name, within in asked.items():
        if name in flat:
            yield from (f"{name}.{one}" for one in within or ())
        else:
            yield name


def _types_of(records: tuple[str, ...]) -> Iterator[tuple[str, type]]:
    """Return name and type of each single fact of `Facts` and of these records in it."""
    for name, type_, _ in promised(Facts):
        if type_ in PLAIN:
            yield name, type_
        elif name in records:
            yield from ((f"{name}.{one}", inner) for one, inner, _ in promised(type_))
