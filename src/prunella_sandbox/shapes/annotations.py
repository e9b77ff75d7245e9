"""Turns the SDK's annotations into shapes, for one of two wires: JSON, or a form (all text)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, ClassVar, ForwardRef, Literal, Union, get_args, get_origin

import typing_extensions
from stripe import ListObject
from stripe._stripe_object import UntypedStripeObject

from prunella_sandbox.shapes.names import resolve
from prunella_sandbox.shapes.shape import (
    Anything,
    Either,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Scalar,
    Shape,
)

Fields = tuple[dict[str, Shape], frozenset[str]]


@dataclass(frozen=True)
class Wire:
    """How values travel, and the shapes already read for it."""

    scalars: dict[type, Scalar]
    items_in: Callable[[Any], Sequence[Any] | None]
    fields_of: Callable[[type, Wire], Fields]
    known: dict[type, Record] = field(default_factory=dict)
    read: dict[type, Fields] = field(default_factory=dict)


def shape_of(annotation: Any, *, module: str, wire: Wire) -> Shape:
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return shape_of(resolve(annotation, module), module=module, wire=wire)
    if annotation is Any or annotation is object:
        return Anything()
    if annotation in wire.scalars:
        return wire.scalars[annotation]
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return record_of(annotation, wire=wire)
    return _generic_shape(annotation, module=module, wire=wire)


def _generic_shape(annotation: Any, *, module: str, wire: Wire) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _union(arguments, module=module, wire=wire)
    if origin is Literal:
        return OneOf(arguments)
    inner = shape_of(arguments[-1], module=module, wire=wire)
    if origin is typing_extensions.NotRequired:
        return inner
    if origin is list:
        return ListOf(inner, wire.items_in)
    if origin in (dict, UntypedStripeObject):
        return MapOf(inner)
    if origin is ListObject:
        return _list_object(inner, wire)
    message = f"the SDK has an annotation that the checker cannot read: {annotation}"
    raise TypeError(message)


def _union(arguments: tuple[Any, ...], *, module: str, wire: Wire) -> Shape:
    """`Literal[...] | str` is how the SDK writes an enum, so the words are the whole set.

    Only `Literal[''] | str` is text: there the empty string means "clear it".
    """
    arms = [shape_of(argument, module=module, wire=wire) for argument in arguments]
    if any(isinstance(arm, OneOf) and arm.values != ("",) for arm in arms):
        arms = [arm for arm in arms if arm is not wire.scalars[str]]
    return arms[0] if len(arms) == 1 else Either(tuple(arms))


def record_of(cls: type, *, wire: Wire) -> Record:
    if cls not in wire.known:
        object_name = getattr(cls, "OBJECT_NAME", None)
        wire.known[cls] = Record(
            object_name or cls.__qualname__, object_name, lambda: _read(cls, wire)
        )
    return wire.known[cls]


def _read(cls: type, wire: Wire) -> Fields:
    if cls not in wire.read:
        wire.read[cls] = wire.fields_of(cls, wire)
    return wire.read[cls]


def _list_object(item: Shape, wire: Wire) -> Record:
    fields: dict[str, Shape] = {
        "object": OneOf(("list",)),
        "data": ListOf(item, wire.items_in),
        "has_more": wire.scalars[bool],
        "url": wire.scalars[str],
        "total_count": wire.scalars[int],
    }
    required = frozenset(fields) - {"total_count"}
    return Record("list", "list", lambda: (fields, required))


def resource_fields(cls: type, wire: Wire) -> Fields:
    """Fields of a resource. `Optional` says both "may be null" and "may be left out"."""
    renamed = getattr(cls, "_field_remappings", {})
    notes = {
        renamed.get(name, name): note
        for name, note in inspect.get_annotations(cls).items()
        if not name.startswith("_") and ClassVar not in (note, get_origin(note))
    }
    fields = {
        name: shape_of(note, module=cls.__module__, wire=wire) for name, note in notes.items()
    }
    optional = {name for name, note in notes.items() if NoneType in get_args(note)}
    return fields, frozenset(fields) - optional


def number(text: Any) -> bool:
    try:
        Decimal(str(text))
    except ArithmeticError:
        return False
    return not isinstance(text, bool)
