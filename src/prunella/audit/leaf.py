"""The bytes of an entry that are hashed: the line that an export has for it. Pure."""

from collections.abc import Sequence
from json.encoder import encode_basestring as quoted

from prunella.audit.merkle import leaf_hash

Raw = Sequence[str | int | None]
"""An entry as the database says it: its number, then ten texts, in the order of `FIELDS`."""
FIELDS = (
    *("seq", "at", "actor_kind", "actor_id", "actor_role", "verb"),
    *("subject", "customer", "because", "before", "after"),
)
_LINE = "{" + ",".join(f'"{name}":%s' for name in FIELDS) + "}"


def line(raw: Raw) -> bytes:
    """Return one line of JSON without its end.

    Figures before and after stand as the database writes them, so that no change of a digit is
    lost on the way through a float.
    """
    seq, *words, before, after = raw
    said = ["null" if word is None else quoted(word) for word in words]  # type: ignore[arg-type] # texts
    figures = ("null" if before is None else before, "null" if after is None else after)
    return (_LINE % (seq, *said, *figures)).encode()


def hash_of(raw: Raw) -> bytes:
    return leaf_hash(line(raw))
