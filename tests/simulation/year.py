"""A company's year on the sandbox's clock, with everything of ours running, and its bad days."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import httpx
import structlog
from tests.mirror.world import SECRET
from tests.shipped import shipped_book
from tests.simulation.people import Crowd
from tests.simulation.post import Post
from tests.simulation.straight import StraightHttp, StraightTransport

from prunella import mirror, people
from prunella.bootstrap import Outside, Rooms, open_rooms
from prunella.connectors.stripe.errors import StripeProblem
from prunella.connectors.stripe.pace import Pace
from prunella.kit import events, timers
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.clock import from_unix
from prunella.settings import Settings
from prunella.tiers.selfheal import NotOfferedError
from prunella_sandbox import timeline
from prunella_sandbox.clock import Clock
from prunella_sandbox.company.account import Account
from prunella_sandbox.company.populate import BEGINS, listen
from prunella_sandbox.mailbox import Mailbox, MailServer
from prunella_sandbox.outside import create_outside
from prunella_sandbox.world import World

log = structlog.get_logger()

SWEEP_EVERY_DAYS = 30
CLICKS = 0.15
MAX_ROUNDS = 400
A_WHILE = timedelta(minutes=5)
"""Three of them make a day, with the time in which its customers live."""
KEY = "sk_test_year"
URL = "http://127.0.0.1:9"
_WAITING = """
select (select count(*) from stripe_inbox where state = 'waiting')
     + (select count(*) from deliveries where not dead)
     + (select count(*) from outbox where state = 'waiting')
     + (select count(*) from procrastinate_jobs where status in ('todo', 'doing')) as n
"""
_HURRY = (
    "update stripe_inbox set not_before = not_before - interval '1 day' where state = 'waiting'",
    "update deliveries set next_at = next_at - interval '1 day' where not dead",
    "update outbox set next_at = next_at - interval '1 day' where state = 'waiting'",
    """update procrastinate_jobs set scheduled_at = null
       where status = 'todo' and scheduled_at is not null""",
    """select pg_notify('procrastinate_any_queue_v1',
                     json_build_object('type', 'job_inserted', 'job_id', id)::text)
       from procrastinate_jobs where status = 'todo'""",
)
"""What waits for later is due now, and the idle worker of jobs wakes up at once."""
_OPEN_FAILED = """
select customer, id from mirror_objects
where kind = 'invoice' and status = 'open' and not deleted
  and (data ->> 'attempt_count')::int > 0 order by id
"""


class FakeTime:
    """Pauses cost nothing: they are written down as having passed."""

    now = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True)
class WorldTime:
    """Ours and Stripe's: it stands still until the year moves it, so that a seed replays it."""

    world: World

    def now(self) -> datetime:
        return from_unix(self.world.clock.now())

    async def reach(self, moment: datetime) -> None:
        """It is moved by hand."""


@dataclass
class Year:
    world: World
    rooms: Rooms
    clock: WorldTime
    crowd: Crowd
    post: Post
    mailbox: Mailbox
    http: httpx.Client
    rng: random.Random
    counted: Counter[str] = field(default_factory=Counter)
    swept: list[mirror.Found] = field(default_factory=list)

    async def live(self, *, days: int) -> None:
        for day in range(1, days + 1):
            await self._a_day(day)
        for day in range(days + 1, days + 5):  # what was held comes at last
            await self.post.deliver(day)
        await self.work()

    async def settle(self) -> None:
        """Sweep until nothing is left to mend; nothing new happens at Stripe meanwhile."""
        for _ in range(4):
            self._pass(A_WHILE)
            found = await self.sweep()
            await self.work()
            if not found.mended and not self.world.outbox:
                return
            while self.world.outbox:
                await self.post.deliver(10_000)
            await self.work()

    async def sweep(self) -> mirror.Found:
        report = await mirror.sweep(self.rooms.house, self.rooms.reads, at_once=True, pause_s=0)
        self.swept.append(report.total)
        return report.total

    async def _a_day(self, day: int) -> None:
        self.crowd.live_a_day()
        self._pass(A_WHILE)
        await self.post.deliver(day)
        with self._trouble("GET", ("rate_limit", "error_before"), most=3):
            await self.work()
        self._pass(A_WHILE)
        if day % SWEEP_EVERY_DAYS == 0:
            log.info("a month has passed", days=day, webhooks=self.post.fate["delivered"])
            await self.sweep()
            await self.work()
        with self._trouble("POST", ("error_before", "error_after", "timeout_after"), most=1):
            await self._some_click()
            await self.work()
        self._pass(A_WHILE)

    def _pass(self, time: timedelta) -> None:
        _let_pass(self.world, time)

    @contextmanager
    def _trouble(self, method: str, kinds: tuple[str, ...], *, most: int) -> Iterator[None]:
        """Let some of our requests meet a refusal, or be done without our hearing of it."""
        lying_ahead = {kind: self.rng.randint(0, most) for kind in kinds}
        for kind, count in lying_ahead.items():
            fault = {"kind": kind, "method": method, "count": count}
            self.http.post("/_sandbox/faults", json=fault)
        yield
        left = self.http.get("/_sandbox/faults").json()["faults"]
        self.http.delete("/_sandbox/faults")
        met = sum(lying_ahead.values()) - sum(fault["count"] for fault in left)
        self.counted[f"{method} met trouble"] += met

    async def _some_click(self) -> None:
        """Some whose payment failed come to the meter and click to pay, now and then twice."""
        async with self.rooms.house.transaction(SYSTEM) as tx:
            rows = await tx.all(_OPEN_FAILED)
        for row in rows:
            if self.rng.random() < CLICKS:
                await self._click(row["customer"], row["id"], times=self.rng.choice((1, 1, 2)))

    async def _click(self, stripe_customer: str, invoice: str, *, times: int) -> None:
        for _ in range(times):
            actor = Actor(kind="customer", id=stripe_customer, role="billing", verified=True)
            async with self.rooms.house.transaction(actor) as tx:
                customer = await people.find_customer(tx, stripe_customer)
                if customer is None:
                    return
                try:
                    run = await self.rooms.selfheal.begin(
                        tx, customer, fix="retry_payment", target=invoice
                    )
                except NotOfferedError:
                    self.counted["not offered"] += 1
                    return
                self.counted[f"click: {run.state}"] += 1

    async def work(self) -> None:
        """Do everything that a worker would do now, until nothing is left."""
        for _ in range(MAX_ROUNDS):
            await self._round()
            async with self.rooms.house.transaction(SYSTEM) as tx:
                row = await tx.one(_WAITING)
                if row and not row["n"]:
                    return
                for sql in _HURRY:
                    await tx.execute(sql)
            await asyncio.sleep(0.005)
        message = "there is always something left to do"
        raise AssertionError(message)

    async def _round(self) -> None:
        house = self.rooms.house
        done = 1
        while done:
            done = await _drained(self._take)
            done += await _drained(partial(timers.fire_one, house))
            done += await _drained(partial(events.deliver, house))
            done += await _drained(self.rooms.outbox.step)

    async def _take(self) -> int:
        try:
            return await self.rooms.take_batch()
        except StripeProblem:
            return 0


def _let_pass(world: World, time: timedelta) -> None:
    timeline.advance(world, time.total_seconds())


async def _drained(step: Callable[[], Awaitable[int]]) -> int:
    """Take the step until nothing is due, as a worker's pump does."""
    done = 0
    while await step():
        done += 1
    return done


@asynccontextmanager
async def begin_year(database_url: str, *, customers: int, seed: int) -> AsyncIterator[Year]:
    """Open the company with its customers moved in."""
    rng = random.Random(seed)  # noqa: S311 draws a story, hides nothing
    world = World(seed=seed, clock=Clock(system=BEGINS.timestamp))
    mailbox, clock = Mailbox(), WorldTime(world)
    app = create_outside(world, mailbox, public_url=URL)
    outside = Outside(clock=clock, http=StraightHttp(app))
    transport = StraightTransport(app)
    async with (
        MailServer(mailbox) as mail,
        open_rooms(
            _settings(mail.url), database_url, writes=True, outside=outside, book=shipped_book()
        ) as rooms,
    ):
        fake = FakeTime()
        rooms.reads.pace = Pace(1_000, monotonic=lambda: fake.now, sleep=fake.sleep)
        jobs = asyncio.create_task(rooms.house.jobs.work(concurrency=1))
        try:
            with (
                httpx.Client(base_url=URL, transport=transport) as http,
                Account(URL, KEY, transport=transport, stripe_http=StraightHttp(app)) as account,
            ):
                listen(account, URL, secret=SECRET)
                crowd = Crowd(account, rng, partial(_let_pass, world))
                crowd.move_in(customers=customers, seed=seed)
                post = Post(world, rooms.inbox, rng)
                yield Year(world, rooms, clock, crowd, post, mailbox, http, rng)
        finally:
            jobs.cancel()
            await asyncio.gather(jobs, return_exceptions=True)


def _settings(mail: str) -> Settings:
    return Settings(
        stripe_api_key=KEY,
        stripe_api_base=URL,
        stripe_webhook_secret=SECRET,
        mail_smtp_url=mail,
    )
