"""A real PostgreSQL for every test: one server a test process, a fresh migrated database a test."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from psycopg.conninfo import conninfo_to_dict
from tests.faults.seeds import FULL
from tests.memory import in_memory
from tests.second_look import WITH_PROCESSES

from prunella.kit.actor import SYSTEM
from prunella.kit.clock import Clock
from prunella.kit.database import EmbeddedPostgres, create_database, drop_database
from prunella.kit.events import Listeners
from prunella.kit.house import House, Tx
from prunella.kit.jobs import JobFunction, Jobs
from prunella.kit.migrate import migrate
from prunella.kit.pool import open_pool
from prunella.kit.timers import Handlers

pytest_plugins = ["tests.browsing"]
LONG = (*WITH_PROCESSES, "tests/simulation/", "tests/web/test_schemathesis.py")
SCHEMA = Path(__file__).parents[1] / "schema"
TEMPLATE = "migrated"
A_CROWDS_PATIENCE_S = 240.0
"""So long each of a crowd waits for a connection, however slow the machine is."""

# Tracebacks that print every variable of a whole application can take minutes.
_PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _PLAIN])


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.default_int_handler(number, frame)


# With Python's own handler in place asyncio sets another one for each fixture and test, and the
# way back makes, and throws away, the repr of all that the fixture gave: half the time of a test.
signal.signal(signal.SIGINT, _interrupt)

# No test is judged on duration. A small run takes the same examples each time, a full one others.
settings.register_profile(
    "ours", deadline=None, derandomize=not FULL, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ours")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Beside others the files that take longest come first: so nobody waits for the last one."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        tests = Counter(item.path for item in items)
        items.sort(key=lambda one: (not one.nodeid.startswith(LONG), -tests[one.path], one.path))


class TestClock:
    """Business time that stands still until a test moves it."""

    __test__ = False

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 3, 11, 40, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def reach(self, moment: datetime) -> None:
        """It is moved by hand."""

    def advance(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server without fsync, with a migrated database to copy; gives its conninfo."""
    with in_memory(otherwise=tmp_path_factory.mktemp("postgres")) as folder:
        postgres = EmbeddedPostgres(folder, durable=False)
        conninfo = postgres.attach_or_start()
        asyncio.run(migrate(create_database(conninfo, name=TEMPLATE), SCHEMA))
        yield conninfo
        postgres.stop()


@pytest.fixture
def database_url(server: str) -> Iterator[str]:
    url = create_database(server, template=TEMPLATE)
    yield url
    drop_database(server, name=str(conninfo_to_dict(url)["dbname"]))


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


MakeHouse = Callable[..., Coroutine[Any, Any, House]]


@pytest.fixture
async def make_house(database_url: str, clock: TestClock) -> AsyncIterator[MakeHouse]:
    """Build houses on the test's database, each with its own jobs, listeners and handlers."""
    pools = []

    async def make(
        *,
        jobs: dict[str, JobFunction] | None = None,
        listeners: Listeners | None = None,
        handlers: Handlers | None = None,
        use_clock: Clock | None = None,
    ) -> House:
        pool = await open_pool(database_url, max_size=20)
        pool.timeout = A_CROWDS_PATIENCE_S
        pools.append(pool)
        queue = Jobs()
        for name, function in (jobs or {}).items():
            queue.register(name, function)
        await queue.open(pool)
        return House(
            pool=pool,
            clock=use_clock or clock,
            jobs=queue,
            listeners=listeners or {},
            handlers=handlers or {},
        )

    yield make
    for pool in pools:
        await pool.close()


@pytest.fixture
async def house(make_house: MakeHouse) -> House:
    return await make_house()


@pytest.fixture
async def tx(house: House) -> AsyncIterator[Tx]:
    async with house.transaction(SYSTEM) as transaction:
        yield transaction
