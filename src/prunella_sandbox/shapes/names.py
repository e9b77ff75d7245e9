"""Resolves the names that the SDK imports for type checkers only."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

_NAME = re.compile(r"[A-Za-z_]\w*")
_FIRST_CLASS = re.compile(r"^(?:class |@)", re.MULTILINE)


def resolve(reference: str, module_name: str) -> Any:
    """The type that a quoted annotation in `module_name` means."""
    module = vars(sys.modules[module_name])
    imports = imported_names(module_name)
    wanted = {name for name in _NAME.findall(reference) if name in imports and name not in module}
    found = {name: getattr(import_module(imports[name][0]), imports[name][1]) for name in wanted}
    return eval(reference, module | found)  # noqa: S307 - text of the pinned SDK, nobody's input


@cache
def imported_names(module_name: str) -> dict[str, tuple[str, str]]:
    """What the module's head imports: the name here to (module, name there)."""
    source = Path(sys.modules[module_name].__file__ or "").read_text(encoding="utf-8")
    head = ast.parse(_FIRST_CLASS.split(source, maxsplit=1)[0])
    return {
        name.asname or name.name: (statement.module, name.name)
        for statement in ast.walk(head)
        if isinstance(statement, ast.ImportFrom) and statement.module
        for name in statement.names
    }
