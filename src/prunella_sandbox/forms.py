"""Stripe's form encoding: `items[0][price]=…`, `expand[]=…`, `metadata[a]=…` as nested values."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from prunella_sandbox.errors import InvalidParameterError

PART = re.compile(r"\[([^\[\]]*)\]")
MAX_FIELDS = 2_000
MAX_DEPTH = 8
Nested = dict[str, Any]


def parse(encoded: str) -> Nested:
    """Read a query string or a form body.

    Raises:
        InvalidParameterError: too many fields, or nested too deeply.
    """
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise InvalidParameterError(message=f"The request could not be read: {error}") from error
    root: Nested = {}
    for name, value in pairs:
        _place(root, _path(name), value)
    return {name: _settled(value) for name, value in root.items()}


def _path(name: str) -> list[str]:
    head, bracket, _ = name.partition("[")
    path = [head, *(PART.findall(name) if bracket else [])]
    if len(path) > MAX_DEPTH:
        raise InvalidParameterError(message=f"Nested too deeply: {name}", param=name)
    return path


def _place(root: Nested, path: list[str], value: str) -> None:
    branch = root
    for name in path[:-1]:
        key = name or str(len(branch))
        deeper = branch.setdefault(key, {})
        if not isinstance(deeper, dict):
            deeper = branch[key] = {}
        branch = deeper
    branch[path[-1] or str(len(branch))] = value


def _settled(value: Any) -> Any:
    """Turn hashes whose keys are positions into lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _settled(item) for name, item in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
