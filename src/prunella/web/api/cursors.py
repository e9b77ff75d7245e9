"""How far a list is read. A cursor that is none of ours is refused in words.

An empty page would read as the end.
"""

from typing import Annotated

from fastapi import Query

from prunella import cases
from prunella.cases import Filter
from prunella.kit.ids import is_id
from prunella.web.errors import BadCursorError

Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]


def must_be_of_cases(asked: Filter, cursor: str | None, *, searched: bool = False) -> None:
    if not cursor:
        return
    if not (cases.is_search_cursor(cursor) if searched else cases.is_cursor(asked, cursor)):
        raise BadCursorError


def must_be_id(cursor: str | None, prefix: str) -> None:
    """Of lists whose cursor is the id of the last that was shown."""
    if cursor and not is_id(cursor, prefix):
        raise BadCursorError
