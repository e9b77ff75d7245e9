"""When a customer is promised an answer. Pure: business hours of their own calendar."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS = time(9)
CLOSES = time(17)
SATURDAY = 5
FREE_DAYS = 2
PAID_DAYS = 1


def promised_by(opened_at: datetime, plan: str | None, time_zone: str) -> datetime:
    """Return when an answer is due: two business days on the free plan, one on the others.

    A business day is Monday to Friday, 9 to 17, in `time_zone`. What comes in while we are
    closed counts from the next opening. A customer whose plan we do not know is not made to wait
    longer.
    """
    zone = ZoneInfo(time_zone)
    start = _into_hours(opened_at.astimezone(zone))
    day = start.date()
    for _ in range(FREE_DAYS if plan == "free" else PAID_DAYS):
        day = _next_business_day(day)
    return datetime.combine(day, start.time(), zone)


def _into_hours(moment: datetime) -> datetime:
    """Move a moment outside business hours to the next opening."""
    day = moment.date()
    if day.weekday() >= SATURDAY or moment.time() >= CLOSES:
        return datetime.combine(_next_business_day(day), OPENS, moment.tzinfo)
    return max(moment, datetime.combine(day, OPENS, moment.tzinfo))


def _next_business_day(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
