"""Shapes: what a value may look like. Each knows the values meant for it, and their faults."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prunella_sandbox.shapes.fault import Fault, Kind, shorten


class Shape(ABC):
    name: str

    @abstractmethod
    def fits(self, value: Any) -> bool:
        """Whether this is the arm of a union that the value is meant for."""

    def faults(self, value: Any, where: str) -> list[Fault]:
        if self.fits(value):
            return []
        return [Fault("type", where, f"expected {self.name}, got {shorten(value)}")]


@dataclass(frozen=True)
class Anything(Shape):
    name: str = "anything"

    def fits(self, value: Any) -> bool:  # noqa: ARG002 - the shape that asks nothing
        return True


@dataclass(frozen=True)
class Scalar(Shape):
    name: str
    accepts: Callable[[Any], bool]

    def fits(self, value: Any) -> bool:
        return self.accepts(value)


@dataclass(frozen=True)
class OneOf(Shape):
    """A closed set of words."""

    values: tuple[Any, ...]

    @property
    def name(self) -> str:  # type: ignore[override]  # said from the values
        return "one of " + ", ".join(map(repr, self.values))

    def fits(self, value: Any) -> bool:
        return any(type(value) is type(one) and value == one for one in self.values)

    def faults(self, value: Any, where: str) -> list[Fault]:
        if self.fits(value):
            return []
        kind: Kind = "value" if isinstance(value, str) else "type"
        return [Fault(kind, where, f"{shorten(value)} is not among the values the SDK knows")]


@dataclass(frozen=True)
class ListOf(Shape):
    item: Shape
    items_in: Callable[[Any], Sequence[Any] | None]
    name: str = "a list"

    def fits(self, value: Any) -> bool:
        return self.items_in(value) is not None

    def faults(self, value: Any, where: str) -> list[Fault]:
        items = self.items_in(value)
        if items is None:
            return super().faults(value, where)
        return [
            fault
            for index, item in enumerate(items)
            for fault in self.item.faults(item, f"{where}[{index}]")
        ]


@dataclass(frozen=True)
class MapOf(Shape):
    item: Shape
    name: str = "a map"

    def fits(self, value: Any) -> bool:
        return isinstance(value, dict)

    def faults(self, value: Any, where: str) -> list[Fault]:
        if not isinstance(value, dict):
            return super().faults(value, where)
        return [
            fault
            for key, item in value.items()
            for fault in self.item.faults(item, f"{where}.{key}")
        ]


@dataclass(frozen=True)
class Either(Shape):
    arms: tuple[Shape, ...]

    @property
    def name(self) -> str:  # type: ignore[override]  # said from the arms
        return " or ".join(arm.name for arm in self.arms)

    def fits(self, value: Any) -> bool:
        return any(arm.fits(value) for arm in self.arms)

    def faults(self, value: Any, where: str) -> list[Fault]:
        fitting = [arm for arm in self.arms if arm.fits(value)]
        if fitting:
            return min((arm.faults(value, where) for arm in fitting), key=len)
        closed = [arm for arm in self.arms if isinstance(arm, OneOf)]
        if closed and isinstance(value, str):
            return closed[0].faults(value, where)
        return super().faults(value, where)


@dataclass(frozen=True)
class Record(Shape):
    """An object with known fields; `fields_of` is called late, since resources name each other."""

    name: str
    object_name: str | None
    fields_of: Callable[[], tuple[dict[str, Shape], frozenset[str]]]

    def fits(self, value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        return self.object_name is None or value.get("object") == self.object_name

    def faults(self, value: Any, where: str) -> list[Fault]:
        if not self.fits(value):
            return super().faults(value, where)
        fields, required = self.fields_of()
        if value.get("deleted") is True and "deleted" in fields:
            required = required & {"id", "object"}
        found = [
            Fault("missing", f"{where}.{field}", "is missing")
            for field in sorted(required - value.keys())
        ]
        for field, content in value.items():
            shape = fields.get(field)
            if shape is None:
                found.append(Fault("unknown", f"{where}.{field}", "is not known to the SDK"))
            else:
                found += shape.faults(content, f"{where}.{field}")
        return found
