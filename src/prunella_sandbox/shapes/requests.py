"""Judges what the sandbox is sent. Form values are text, so text that reads right is right."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from decimal import Decimal
from types import NoneType
from typing import Any

from stripe._request_options import RequestOptions

from prunella_sandbox.shapes.annotations import Fields, Wire, number, record_of, shape_of
from prunella_sandbox.shapes.calls import parameters_of
from prunella_sandbox.shapes.fault import Fault
from prunella_sandbox.shapes.shape import Scalar

_NOT_ON_THE_WIRE = frozenset(inspect.get_annotations(RequestOptions))


def _integer(value: Any) -> bool:
    exact = Decimal(str(value)) if number(value) else Decimal("NaN")
    return exact.is_finite() and exact == int(exact)


def _list(value: Any) -> Sequence[Any] | None:
    """`items[0]=…` may have been decoded as a list or as a map from its indexes."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(str(key).isdigit() for key in value):
        return list(value.values())
    return None


def parameter_fields(cls: type, wire: Wire) -> Fields:
    notes = inspect.get_annotations(cls)
    own = notes.keys() - (_NOT_ON_THE_WIRE if _takes_options(cls) else frozenset())
    fields = {name: shape_of(notes[name], module=cls.__module__, wire=wire) for name in sorted(own)}
    return fields, frozenset(getattr(cls, "__required_keys__", frozenset())) & own


def _takes_options(cls: type) -> bool:
    return RequestOptions in getattr(cls, "__orig_bases__", ())


FORM = Wire(
    scalars={
        str: Scalar("text", lambda value: isinstance(value, (str, int, float))),
        bool: Scalar("true or false", lambda value: value in (True, False, "true", "false")),
        int: Scalar("an integer", _integer),
        float: Scalar("a number", number),
        Decimal: Scalar("a number", number),
        NoneType: Scalar("nothing", lambda value: value in (None, "")),
    },
    items_in=_list,
    fields_of=parameter_fields,
)


def request_faults(method: str, path: str, params: dict[str, Any]) -> list[Fault]:
    """What is wrong with the parameters of a call: unknown, missing, mistyped, or no such call."""
    try:
        cls = parameters_of(method, path)
    except LookupError:
        return [Fault("call", f"{method.upper()} {path}", "is no call the SDK makes")]
    return [_outside_in(fault) for fault in record_of(cls, wire=FORM).faults(params, "")]


def _outside_in(fault: Fault) -> Fault:
    """`.items[0].price` is told as the caller wrote it: `items[0][price]`."""
    first, *rest = fault.where.removeprefix(".").split(".")
    inner = "".join("[" + part.removesuffix("]").replace("[", "][") + "]" for part in rest)
    return fault.at(first + inner)
