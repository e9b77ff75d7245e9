"""Cursors that are none of ours: refused in words, for an empty page would read as the end."""

from prunella import cases
from prunella.cases import Filter
from prunella.kit.ids import is_id
from prunella.web.errors import BadCursorError


def must_be_of_cases(asked: Filter, cursor: str | None, *, searched: bool = False) -> None:
    if not cursor:
        return
    if not (cases.is_search_cursor(cursor) if searched else cases.is_cursor(asked, cursor)):
        raise BadCursorError


def must_be_id(cursor: str | None, prefix: str) -> None:
    """Of lists whose cursor is the id of the last that was shown."""
    if cursor and not is_id(cursor, prefix):
        raise BadCursorError
