"""The OpenAPI document: what FastAPI knows, the scopes, and what an answer says that went wrong."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from prunella.web.problems import MEDIA_TYPE
from prunella.web.scopes import tell_scopes

NEEDED = "x-needed"
"""In the schema of a header: without it we refuse in words of our own, so FastAPI must not."""
_OF_THE_FRAMEWORK = ("HTTPValidationError", "ValidationError")
"""How FastAPI would tell what does not fit; ours are problem documents, all of them."""
_WORDS = {"type": "string"}
_NULL = {"type": "null"}
_FIELD = {
    "type": "object",
    "required": ["field", "problem"],
    "properties": {"field": _WORDS, "problem": _WORDS},
}
_PROBLEM = {
    "type": "object",
    "description": "What went wrong, in words for a person (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": _WORDS,
        "title": _WORDS,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _WORDS,
        "instance": _WORDS,
        "errors": {"type": "array", "items": _FIELD},
    },
}
_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_REFUSED = {"description": "Not done; `detail` says why, and what to change.", "content": _CONTENT}
_AWAY = {"description": "Not done; send it again, `Retry-After` says when.", "content": _CONTENT}


def told_in_contract(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes the whole document."""
    plain = app.openapi

    def document() -> dict[str, Any]:
        found = plain()
        tell_scopes(found)
        tell_problems(found)
        tell_needed(found)
        return found

    return document


def tell_problems(document: dict[str, Any]) -> None:
    """Say of each operation how it refuses."""
    schemas = document["components"].setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for name in _OF_THE_FRAMEWORK:
        schemas.pop(name, None)
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"].setdefault("4XX", _REFUSED)
            operation["responses"].setdefault("503", _AWAY)


def tell_needed(document: dict[str, Any]) -> None:
    """Say which headers a call is refused without."""
    operations = (one for several in document["paths"].values() for one in several.values())
    for parameter in (one for called in operations for one in called.get("parameters", ())):
        schema = parameter["schema"]
        if schema.pop(NEEDED, False):
            [filled] = (one for one in schema.pop("anyOf") if one != _NULL)
            parameter |= {"required": True, "schema": schema | filled | {"minLength": 1}}
