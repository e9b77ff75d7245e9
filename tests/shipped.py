"""The content that is shipped, read once a test process: nothing of whoever uses it stays in it."""

from functools import cache

from prunella.bootstrap import Book
from prunella.settings import Settings, shipped


@cache
def shipped_book() -> Book:
    return Book.read(shipped("content"))


def book_for(settings: Settings) -> Book | None:
    """None where these settings name a folder of their own: that is read each time."""
    return shipped_book() if settings.content_dir == shipped("content") else None
