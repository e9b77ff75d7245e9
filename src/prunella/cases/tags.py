"""Tags of a case: short words, each once, in the order of the alphabet. Pure."""

import re
from collections.abc import Iterable

MAX_TAGS = 20
_TAG = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,39}")


class BadTagError(ValueError):
    """A tag has up to 40 small letters, digits, hyphens, dots or colons; a case has up to 20."""


def changed_tags(
    tags: Iterable[str], *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the tags after the change. Raises BadTagError."""
    gone = {_plain(tag) for tag in remove}
    after = tuple(sorted((set(tags) - gone) | {checked_tag(tag) for tag in add}))
    if len(after) > MAX_TAGS:
        raise BadTagError
    return after


def checked_tag(tag: str) -> str:
    """Return the tag as it is kept: `Past Due` is `past-due`. Raises BadTagError."""
    plain = _plain(tag)
    if not _TAG.fullmatch(plain):
        raise BadTagError(tag[:40])
    return plain


def _plain(tag: str) -> str:
    return "-".join(tag.casefold().split())
