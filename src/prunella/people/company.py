"""What is true of the company itself: content/company.toml, validated."""

from collections.abc import Iterator, Mapping
from typing import Any

from prunella.kit.house import Tx
from prunella.people import store_company as store
from prunella.people.zones import is_zone
from prunella.settings import Content, ContentError, Problem, unknown_keys

FILE = "company.toml"
KEYS = ("time_zone",)
EVERYWHERE = "UTC"
"""Whose content is from before there was the file lives in no particular place."""


def check(content: Content) -> list[str]:
    """Return what is wrong with company.toml: file, line and remedy, a line each."""
    return content.checked(FILE, _problems) if FILE in content.files else []


async def set_company(tx: Tx, content: Content) -> None:
    """Keep what company.toml says. Raises `ContentError` with everything that is wrong."""
    problems = check(content)
    if problems:
        raise ContentError("\n".join(problems))
    await store.set_zone(tx, _fields(content)["time_zone"])


async def home_zone(tx: Tx) -> str:
    """Return the company's own zone, an IANA name."""
    return await store.zone(tx)


def _fields(content: Content) -> Mapping[str, Any]:
    return content.toml(FILE) if FILE in content.files else {"time_zone": EVERYWHERE}


def _problems(fields: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys("", fields, KEYS)
    zone = fields.get("time_zone")
    if not isinstance(zone, str) or not is_zone(zone):
        yield "", "time_zone", "time_zone must be a name like Europe/Berlin"
