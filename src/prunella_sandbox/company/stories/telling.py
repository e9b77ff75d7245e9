"""What every story is told with: the days of the calendar, and how most of them begin.

A story is a generator: what stands before a `yield` happens, then time passes until the day that is
yielded, counted from the day the company began. All stories are told at once, on one clock; the
company begins on 1 January, bills on the first of each month, and is looked at on day 61, 3 March.
The days named below are also those on which the clock stops; some lie just after a bill failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prunella_sandbox.company.subscriber import Subscriber

Story = Iterator[float]
Tell = Callable[[Subscriber], Story]

DURING_JANUARY = 17.0
FEBRUARYS_BILL = 31.05
AFTER_FEBRUARYS_BILL = 40.0
MID_FEBRUARY = 48.1
LAST_DAY_OF_FEBRUARY = 58.3
AFTER_MARCHS_BILL = 59.05
THE_LAST_HOURS = 60.9


def subscribed(customer: Subscriber) -> Story:
    customer.add_card(customer.profile.card)
    customer.subscribe()
    yield 0.0


def paid_until_now(customer: Subscriber) -> Story:
    """Everything was in order in January and February."""
    yield from subscribed(customer)
    yield AFTER_FEBRUARYS_BILL
