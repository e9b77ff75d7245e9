"""Days and times as short as a page needs them, in the reader's zone."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from prunella.diagnostics import Words
from prunella.kit.money import Money


@dataclass(frozen=True, slots=True)
class Saying:
    """The catalogue for one reader, at one moment."""

    words: Words
    now: datetime

    def in_zone(self, time_zone: str) -> "Saying":
        return replace(self, words=self.words.in_zone(time_zone))

    def say(self, key: str, **values: str | int | Money) -> str:
        return self.words.say(key, **values)

    def day(self, at: datetime) -> str:
        return self.words.day(at, now=self.now)

    def day_and_time(self, at: datetime) -> str:
        return self.words.day_and_time(at, now=self.now)

    def short_day(self, at: datetime) -> str:
        return self._shown(at, "format.short_day")

    def weekday(self, at: datetime) -> str:
        return self._shown(at, "format.weekday")

    def day_of_month(self, at: datetime) -> str:
        return self._shown(at, "format.day_of_month")

    def time(self, at: datetime) -> str:
        return self._shown(at, "format.time")

    def month(self, at: datetime) -> str:
        return self._shown(at, "format.month_and_year")

    def until(self, at: datetime) -> str:
        """Today or tomorrow with the time alone, else with the day."""
        days = (self._local(at).date() - self._local(self.now).date()).days
        known = {0: "page.today_at", 1: "page.tomorrow_at"}
        if days in known:
            return self.say(known[days], time=self.time(at))
        return self.day_and_time(at)

    def zone(self) -> str:
        """The city whose time it is; UTC is nobody's."""
        city = self.words.time_zone.rpartition("/")[2].replace("_", " ")
        return city if city == "UTC" else self.say("page.zone", city=city)

    def _shown(self, at: datetime, key: str) -> str:
        local = self._local(at)
        return str(format_datetime(local, self.words.texts[key], locale=self.words.locale))

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.words.time_zone))
