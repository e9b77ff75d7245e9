"""How a mistake in a content file is told: its table, its key, and words with the remedy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prunella.settings.content import Problem


def table_of(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the table of that name; where there is something else, an empty one."""
    found = fields.get(name)
    return found if isinstance(found, dict) else {}


def unknown_keys(table: str, fields: Mapping[str, Any], known: Sequence[str]) -> Iterator[Problem]:
    """A word that is misspelt would otherwise be passed over in silence."""
    for key in fields:
        if key not in known:
            yield table, key, f"{key} means nothing here: use {', '.join(known)}"
