"""Careful reading of foreign JSON: what is missing or misshapen is None, never an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from prunella.kit.money import Money, MoneyError

Raw = Mapping[str, Any]
Objects = Mapping[str, Sequence[Raw]]
LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""Where what tells no time stands in order: before everything that does."""

# Up to the year 9000, which leaves room for zones and deadlines; amounts as far as 64 bits go.
_LAST_SECOND = 221_845_392_000
_LARGEST_AMOUNT = 2**63 - 1
_DECIMAL = re.compile(r"-?\d{1,19}(\.\d{1,12})?", re.ASCII)


def text(raw: Raw, key: str) -> str | None:
    value = raw.get(key)
    return value if isinstance(value, str) and value else None


def number(raw: Raw, key: str) -> int | None:
    value = raw.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def decimal(raw: Raw, key: str) -> Decimal | None:
    """A figure that Stripe writes as text, so that nothing of it is lost."""
    written = text(raw, key)
    return Decimal(written) if written and _DECIMAL.fullmatch(written) else None


def truth(raw: Raw, key: str) -> bool:
    return raw.get(key) is True


def inner(raw: Raw, *path: str) -> Raw:
    """The nested object at this path, empty where there is none."""
    here: Any = raw
    for key in path:
        here = here.get(key) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else {}


def ref(raw: Raw, key: str) -> str | None:
    """An id, whether Stripe gave it plain or expanded."""
    value = raw.get(key)
    return text(value, "id") if isinstance(value, dict) else text(raw, key)


def time(raw: Raw, key: str) -> datetime | None:
    seconds = number(raw, key)
    if seconds is None or not 0 <= seconds <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def money(raw: Raw, key: str) -> Money | None:
    amount, currency = number(raw, key), text(raw, "currency")
    if amount is None or currency is None or abs(amount) > _LARGEST_AMOUNT:
        return None
    try:
        return Money(amount, currency)
    except MoneyError:
        return None


def entries(raw: Raw, *path: str) -> Iterator[Raw]:
    """The objects of a Stripe list at this path."""
    data = inner(raw, *path).get("data")
    if isinstance(data, list):
        yield from (entry for entry in data if isinstance(entry, dict))


def of_kind(objects: Objects, kind: str) -> Iterator[Raw]:
    """Objects of one kind that at least say who they are."""
    return (raw for raw in objects.get(kind, ()) if isinstance(raw, dict) and text(raw, "id"))


def dicts(raw: Raw, key: str) -> Iterator[Raw]:
    """The objects of a plain list under this key."""
    listed = raw.get(key)
    if isinstance(listed, list):
        yield from (one for one in listed if isinstance(one, dict))


def pairs(raw: Raw, key: str) -> tuple[tuple[str, str], ...]:
    """What the company noted on an object, in order of its keys."""
    noted = inner(raw, key)
    return tuple(sorted((key, text) for key, text in noted.items() if isinstance(text, str)))
