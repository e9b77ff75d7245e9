"""The words a customer reads, out of a message catalogue, so that languages can be added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from string import Formatter
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from prunella.kit.money import Money

Value = str | int | Money


class WordingError(Exception):
    """The message catalogue does not have the words."""


class MissingTextError(WordingError):
    """There is no text under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f'the message catalogue has no text "{key}": add it')


class MissingValueError(WordingError):
    """A text has a place that nothing was given for."""

    def __init__(self, key: str, name: str) -> None:
        super().__init__(f'the text "{key}" has a place {{{name}}} that nothing fills: reword it')


class BadTextError(WordingError):
    """A text is not plain words with {names} in it."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f'the text "{key}" cannot be read: {reason}')


@dataclass(frozen=True, kw_only=True)
class Words:
    """A catalogue in one language, told to a reader in one time zone.

    Texts hold `{name}` and nothing cleverer; values are put in as they are, never read again.
    """

    texts: Mapping[str, str]
    locale: str = "en"
    time_zone: str = "UTC"

    @classmethod
    def from_catalogue(cls, catalogue: Mapping[str, object], *, locale: str = "en") -> Words:
        """From nested tables (as TOML gives them) to keys with dots; every text is checked."""
        texts = dict(_flat(catalogue))
        for key, text in texts.items():
            places(key, text)
        return cls(texts=texts, locale=locale)

    def in_zone(self, time_zone: str) -> Words:
        return replace(self, time_zone=time_zone)

    def say(self, key: str, **values: Value) -> str:
        parts = _parts(key, self._text(key))
        for _, name in parts:
            if name is not None and name not in values:
                raise MissingValueError(key, name)
        return "".join(
            literal if name is None else literal + self._shown(values[name])
            for literal, name in parts
        )

    def day(self, at: datetime, *, now: datetime) -> str:
        """`Sunday 1 March`; another year than now's is named."""
        local, today = self._local(at), self._local(now)
        key = "format.day" if local.year == today.year else "format.day_and_year"
        return str(format_datetime(local, self._text(key), locale=self.locale))

    def day_and_time(self, at: datetime, *, now: datetime) -> str:
        clock = format_datetime(self._local(at), self._text("format.time"), locale=self.locale)
        return self.say("format.day_and_time", day=self.day(at, now=now), time=str(clock))

    def month(self, at: datetime) -> str:
        shown = format_datetime(self._local(at), self._text("format.month"), locale=self.locale)
        return str(shown)

    def month_and_year(self, at: datetime) -> str:
        pattern = self._text("format.month_and_year")
        return str(format_datetime(self._local(at), pattern, locale=self.locale))

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.time_zone))

    def _text(self, key: str) -> str:
        try:
            return self.texts[key]
        except KeyError:
            raise MissingTextError(key) from None

    def _shown(self, value: Value) -> str:
        return value.format(self.locale) if isinstance(value, Money) else str(value)


def places(key: str, text: str) -> list[str]:
    """The names in a text, in order; anything but plain `{name}` is refused."""
    return [name for _, name in _parts(key, text) if name is not None]


@lru_cache(maxsize=4096)
def _parts(key: str, text: str) -> tuple[tuple[str, str | None], ...]:
    """What is said as it stands, each with the name of the place behind it."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise BadTextError(key, str(error)) from error
    for _, name, spec, conversion in parts:
        if name is not None and (not name.isidentifier() or spec or conversion):
            reason = f"a place is a plain {{name}}, not {{{name}}}"
            raise BadTextError(key, reason)
    return tuple((literal, name) for literal, name, _, _ in parts)


def _flat(tables: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, prefix=f"{key}.")
        elif isinstance(value, str):
            yield key, value
        else:
            reason = "a text stands in quotes"
            raise BadTextError(key, reason)
