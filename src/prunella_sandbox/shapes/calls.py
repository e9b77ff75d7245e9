"""Which parameters a call takes, read from the SDK's services."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, get_args

from prunella_sandbox.shapes.names import resolve

Pattern = tuple[str, ...]
Parameters = tuple[str, str]
"""The module that names the parameters, and their name."""

_VERBS = ("get", "post", "delete")
_PLACEHOLDER = re.compile(r"\{\w*\}")


def parameters_of(method: str, path: str) -> type:
    """The TypedDict of a call. Raises LookupError when the SDK has no such call."""
    segments = tuple(path.strip("/").split("/"))
    for pattern, (module, name) in _calls().get((method.lower(), len(segments)), {}).items():
        if all(want in ("{}", have) for want, have in zip(pattern, segments, strict=True)):
            return _parameters(module, name)
    raise LookupError(path)


@cache
def _parameters(module: str, name: str) -> type:
    found: type = resolve(name, module)
    return found


@cache
def _calls() -> dict[tuple[str, int], dict[Pattern, Parameters]]:
    calls: dict[tuple[str, int], dict[Pattern, Parameters]] = {}
    for service in _services("stripe._v1_services", "V1Services"):
        for verb, path, name in _requests(service):
            pattern = tuple(_PLACEHOLDER.sub("{}", path).strip("/").split("/"))
            calls.setdefault((verb, len(pattern)), {})[pattern] = (service.__module__, name)
    # `/v1/invoices/search` is tried before `/v1/invoices/{}`
    return {key: dict(sorted(found.items(), key=_wildcards)) for key, found in calls.items()}


def _wildcards(call: tuple[Pattern, Parameters]) -> tuple[bool, ...]:
    return tuple(segment == "{}" for segment in call[0])


def _services(module: str, name: str) -> Iterator[type]:
    yield getattr(import_module(module), name)
    for inner in getattr(sys.modules[module], "_subservices", {}).values():
        yield from _services(*inner)


def _requests(service: type) -> Iterator[tuple[str, str, str]]:
    for name, function in vars(service).items():
        note = getattr(function, "__annotations__", {}).get("params")
        if note is None or name.endswith("_async"):
            continue
        constants = [text for text in function.__code__.co_consts if isinstance(text, str)]
        verb = next(text for text in constants if text in _VERBS)
        path = next(text for text in constants if text.startswith("/v"))
        yield verb, path, _name_in(note)


def _name_in(note: Any) -> str:
    """X, of `"X"` as of `Optional["X"]`."""
    return note if isinstance(note, str) else str(get_args(note)[0].__forward_arg__)
