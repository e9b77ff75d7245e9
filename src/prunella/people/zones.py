"""The time zone someone lives in, as far as we can know it."""

import zoneinfo
from functools import cache
from importlib import resources


class UnknownZoneError(ValueError):
    """This is no time zone. Use a name like Europe/Berlin."""


# Where the zone table does not begin with the zone that most people of the country live in.
_MAIN = {
    "AQ": "Antarctica/McMurdo",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "MN": "Asia/Ulaanbaatar",
    "PS": "Asia/Hebron",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}


def zone_of(profile: str | None, metadata: str | None, country: str | None) -> str | None:
    """Return the first of these that names a real IANA zone; a country gives its main one."""
    for name in (profile, metadata):
        if name and is_zone(name):
            return name
    return main_zone(country) if country else None


def is_zone(name: str) -> bool:
    """Whether this is the name of an IANA zone, such as Europe/Berlin."""
    return name in _names()


def is_country(code: str) -> bool:
    """Whether this is the ISO 3166 code of a country where people live, in capital letters."""
    return code in _first_zones()


def main_zone(country: str) -> str | None:
    """Return the zone most people of the country live in, by its ISO 3166 code."""
    code = country.upper()
    return _MAIN.get(code) or _first_zones().get(code)


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@cache
def _first_zones() -> dict[str, str]:
    table = resources.files("tzdata") / "zoneinfo" / "zone.tab"
    zones: dict[str, str] = {}
    for line in table.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, _, name, *_ = line.split("\t")
            zones.setdefault(code, name)
    return zones
