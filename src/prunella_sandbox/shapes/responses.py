"""Judges what the sandbox sends, as JSON: types must be exact."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from types import NoneType
from typing import Any

from stripe._error_object import ErrorObject
from stripe._object_classes import OBJECT_CLASSES

from prunella_sandbox.shapes.annotations import (
    Wire,
    number,
    record_of,
    resource_fields,
)
from prunella_sandbox.shapes.fault import Fault, shorten
from prunella_sandbox.shapes.shape import Scalar


def _list(value: Any) -> Sequence[Any] | None:
    return value if isinstance(value, list) else None


JSON = Wire(
    scalars={
        str: Scalar("text", lambda value: isinstance(value, str)),
        bool: Scalar("true or false", lambda value: isinstance(value, bool)),
        int: Scalar("an integer", lambda value: type(value) is int),
        float: Scalar("a number", lambda value: type(value) in (int, float)),
        Decimal: Scalar("a number as text", lambda value: isinstance(value, str) and number(value)),
        NoneType: Scalar("null", lambda value: value is None),
    },
    items_in=_list,
    fields_of=resource_fields,
)


def response_faults(obj: dict[str, Any]) -> list[Fault]:
    """What is wrong with a response: a resource, a list of them, an event or an error body."""
    if "error" in obj and "object" not in obj:
        return _check_error(obj)
    name = obj.get("object")
    if name in ("list", "search_result"):
        return _check_list(obj)
    if name not in OBJECT_CLASSES:
        return [Fault("value", "object", f"{shorten(name)} is no object the SDK knows")]
    module, cls = OBJECT_CLASSES[name]
    resource = getattr(import_module(module), cls)
    found = record_of(resource, wire=JSON).faults(obj, name)
    return found + _check_event_object(obj) if name == "event" else found


def _check_event_object(event: dict[str, Any]) -> list[Fault]:
    inside = event.get("data", {}).get("object", {})
    return [fault.at(f"event.data.object.{fault.where}") for fault in response_faults(inside)]


def _check_error(body: dict[str, Any]) -> list[Fault]:
    found = [Fault("unknown", key, "stands beside the error") for key in body if key != "error"]
    return found + record_of(ErrorObject, wire=JSON).faults(body["error"], "error")


_PAGE = {
    "list": ({"object", "data", "has_more", "url"}, {"total_count"}),
    "search_result": ({"object", "data", "has_more", "url"}, {"next_page", "total_count"}),
}


def _check_list(page: dict[str, Any]) -> list[Fault]:
    required, optional = _PAGE[page["object"]]
    found = [
        Fault("missing", f"list.{key}", "is missing") for key in sorted(required - page.keys())
    ]
    found += [
        Fault("unknown", f"list.{key}", "is not known to the SDK")
        for key in page
        if key not in required | optional
    ]
    items = page.get("data")
    if not isinstance(items, list):
        return [*found, Fault("type", "list.data", f"expected a list, got {shorten(items)}")]
    return found + [
        fault.at(f"list.data[{index}].{fault.where}")
        for index, item in enumerate(items)
        for fault in response_faults(item)
    ]
