"""Brings the company to life: everyone's story on one clock, through the official SDK."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prunella_sandbox.company.account import Account
from prunella_sandbox.company.cast import cast
from prunella_sandbox.company.catalogue import Catalogue, create_catalogue
from prunella_sandbox.company.stories import STORIES, Story
from prunella_sandbox.company.subscriber import Profile, Resident, Subscriber

BEGINS = datetime(2026, 1, 1, 15, 2, tzinfo=UTC)
"""When the sandbox's clock should stand at for the company to live in early March 2026."""

LIVES_AT = datetime(2026, 3, 3, 17, 40, tzinfo=UTC)
"""Tuesday 3 March, 11:40 in Chicago."""

SEED = 20_260_301


@dataclass(frozen=True)
class Company:
    catalogue: Catalogue
    customers: tuple[Resident, ...]

    def named(self, name: str) -> Resident:
        """Raises LookupError when nobody is called that."""
        found = [customer for customer in self.customers if customer.name == name]
        if not found:
            raise LookupError(name)
        return found[0]

    def in_state(self, state: str) -> list[Resident]:
        return [customer for customer in self.customers if customer.state == state]


def nothing() -> None:
    """Let time go on at once."""


def populate(
    base_url: str,
    *,
    api_key: str = "sk_test_sandbox",
    customers: int = 50,
    seed: int = SEED,
    until: timedelta = LIVES_AT - BEGINS,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    listens_from: float = 0.0,
    at_each_stop: Callable[[], None] = nothing,
) -> Company:
    """Fill a fresh sandbox and let its time pass for `until` from now.

    With `webhook_url` everything is told there as it happens, from the day `listens_from` on;
    `webhook_secret` fixes the secret. `at_each_stop` is called as soon as somebody listens, and
    whenever the clock was moved since, at most some twenty times: who listens can catch up there,
    before time goes on.
    Blocks for some seconds: call it in a thread where an event loop runs.
    """

    def begin_to_listen() -> None:
        if webhook_url:
            listen(account, webhook_url, secret=webhook_secret)

    with Account(base_url, api_key) as account:
        stops = Stops(listens_from, begin_to_listen, at_each_stop)
        stops.reach(0.0)
        account.configure(account_name="TAI", after_last_retry="unpaid")
        catalogue = create_catalogue(account.stripe)
        profiles = cast(customers=customers, seed=seed)
        end = account.now() + until
        residents = live(account, catalogue, profiles, until=end, at_each_stop=stops.reach)
    return Company(catalogue, tuple(residents))


@dataclass
class Stops:
    """Where the clock stands still; before anybody listens, nobody has to catch up."""

    listens_from: float
    begin_to_listen: Callable[[], None]
    at_each_stop: Callable[[], None]
    somebody_listens: bool = False

    def reach(self, day: float) -> None:
        if day < self.listens_from:
            return
        if not self.somebody_listens:
            self.begin_to_listen()
            self.somebody_listens = True
        self.at_each_stop()


def listen(account: Account, url: str, *, secret: str | None) -> None:
    details: Any = {"url": url, "enabled_events": ["*"]}
    if secret:
        details["metadata"] = {"sandbox_secret": secret}
    account.stripe.v1.webhook_endpoints.create(params=details)


def live(
    account: Account,
    catalogue: Catalogue,
    profiles: Sequence[Profile],
    *,
    until: datetime,
    at_each_stop: Callable[[float], None],
) -> list[Resident]:
    """Tell all stories, each as far as it comes before `until`."""
    began = account.now()
    subscribers = [Subscriber(account, catalogue, profile) for profile in profiles]
    today = 0.0
    waiting: list[tuple[float, int, Story]] = []
    for number, subscriber in enumerate(subscribers):
        subscriber.arrive()
        story = STORIES[subscriber.profile.told](subscriber)
        heapq.heappush(waiting, (0.0, number, story))
    while waiting and began + timedelta(days=waiting[0][0]) <= until:
        day, number, story = heapq.heappop(waiting)
        if day > today:
            today = day
            account.wait_until(began + timedelta(days=day))
            at_each_stop(day)
        then = next(story, None)
        if then is not None:
            heapq.heappush(waiting, (max(day, then), number, story))
    account.wait_until(until)
    at_each_stop((until - began) / timedelta(days=1))
    return [subscriber.as_resident() for subscriber in subscribers]
