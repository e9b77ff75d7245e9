"""Until when a case is put aside: a few moments that people mean, or a day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prunella.web.views.saying import Saying

MORNING = time(9)
HOURS = timedelta(hours=4)
MONDAY = 0
CHOICES = ("hours", "tomorrow", "monday", "week")


def moment_of(choice: str, day: str, saying: Saying) -> datetime | None:
    """Return the moment that was chosen; a day that is written out counts more. None: neither."""
    zone = ZoneInfo(saying.words.time_zone)
    here = saying.now.astimezone(zone)
    if day:
        asked = _day(day)
        return datetime.combine(asked, MORNING, zone) if asked else None
    if choice == "hours":
        return saying.now + HOURS
    days = {"tomorrow": 1, "monday": (MONDAY - here.weekday() - 1) % 7 + 1, "week": 7}
    ahead = days.get(choice)
    if ahead is None:
        return None
    return datetime.combine(here.date() + timedelta(days=ahead), MORNING, zone)


def choices(saying: Saying) -> list[tuple[str, str]]:
    """The moments in words, with when that is."""
    found = ((name, moment_of(name, "", saying)) for name in CHOICES)
    return [
        (name, saying.say(f"page.snooze.{name}", at=saying.until(at), time=saying.time(at)))
        for name, at in found
        if at
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
