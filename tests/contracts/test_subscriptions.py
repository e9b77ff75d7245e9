"""What holds for the company's own system, over HTTP, in a database of theirs, or in memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio
from psycopg.conninfo import make_conninfo
from tests.mirror.world import served
from tests.ports import free_port

from prunella.connectors.subscriptions import (
    HttpSource,
    KeyNotTaken,
    MemorySource,
    Mirrored,
    NeverAsked,
    NotTaken,
    Source,
    SqlSource,
    SubscriptionsAway,
    SubscriptionsProblem,
    UnreadableAnswer,
    Usable,
)
from prunella_sandbox import World
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside

SECRET = "a_word_that_nobody_may_read"
KNOWN = "cus_known"
QUERY = "select plan, active, quantity from accounts where stripe = %(customer)s"
STATEMENT = """
update accounts set plan = %(plan)s, active = %(active)s, quantity = %(quantity)s,
  changed_by = %(key)s
where stripe = %(customer)s
"""
TABLE = """
create table accounts (stripe text, plan text, active bool, quantity int, changed_by text);
insert into accounts values ('cus_known', null, false, null, '')
"""


@dataclass
class System:
    """The company's own system as its own people know it; `keys` are those it was written with."""

    source: Source
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def written_with(self) -> list[str]:
        if isinstance(self.source, MemorySource):
            return self.source.keys
        if isinstance(self.source, HttpSource):
            async with httpx.AsyncClient() as http:
                log = (await http.get(f"{self.url}/_sandbox/requests")).json()["requests"]
            return [one["idempotency_key"] for one in log if one["method"] == "PUT"]
        async with await psycopg.AsyncConnection.connect(self.url) as conn:
            rows = await (await conn.execute("select changed_by from accounts")).fetchall()
        return [key for (key,) in rows if key]


@pytest_asyncio.fixture(params=["memory", "http", "sql"])
async def system(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[System]:
    if request.param == "memory":
        yield System(MemorySource(held={KNOWN: Usable(plan=None, active=False)}))
    elif request.param == "http":
        world = World(seed=1)
        world.insert("customer", id=KNOWN)
        async with served(create_outside(world, Mailbox())) as url:
            source = HttpSource(f"{url}/entitlements", token=SECRET, writable=True)
            yield System(source, url=url)
            await source.close()
    else:
        async with await psycopg.AsyncConnection.connect(database_url) as conn:
            await conn.execute(TABLE.encode())
        source_ = SqlSource(database_url, query=QUERY, statement=STATEMENT)
        yield System(source_, url=database_url)


async def test_what_was_brought_is_what_they_may_use(system: System) -> None:
    assert await system.source.usable(KNOWN) == Usable(plan=None, active=False)
    wanted = Usable(plan="starter", active=True, quantity=3)
    await system.source.bring(KNOWN, wanted, key="act_1")
    assert await system.source.usable(KNOWN) == wanted
    assert await system.written_with() == ["act_1"]


async def test_the_same_again_changes_nothing(system: System) -> None:
    wanted = Usable(plan="starter", active=True, quantity=1)
    for _ in range(2):
        await system.source.bring(KNOWN, wanted, key="act_1")
    assert await system.source.usable(KNOWN) == wanted
    assert set(await system.written_with()) == {"act_1"}


async def test_it_can_be_taken_away(system: System) -> None:
    await system.source.bring(KNOWN, Usable(plan="starter", active=True), key="act_1")
    await system.source.bring(KNOWN, Usable(plan=None, active=False), key="act_2")
    assert await system.source.usable(KNOWN) == Usable(plan=None, active=False)


@pytest.mark.parametrize("name", ["cus_nobody", "cus'; drop table accounts; --", "cus/../known"])
async def test_whom_nobody_there_knows_is_told_as_that(system: System, name: str) -> None:
    assert await system.source.usable(name) is None
    assert await system.source.usable(KNOWN) is not None


def nobody_there(kind: str) -> Source:
    port = free_port()
    if kind == "http":
        return HttpSource(f"http://127.0.0.1:{port}", token=SECRET, writable=True)
    url = make_conninfo(host="127.0.0.1", port=port, user="us", password=SECRET)
    return SqlSource(url, query=QUERY, statement=STATEMENT)


@pytest.mark.parametrize("kind", ["http", "sql"])
async def test_where_nobody_answers_certainly_nothing_arrived(kind: str) -> None:
    source = nobody_there(kind)
    with pytest.raises(NeverAsked) as read:
        await source.usable(KNOWN)
    with pytest.raises(NeverAsked) as wrote:
        await source.bring(KNOWN, Usable(plan=None, active=False), key="act_1")
    for found in (read, wrote):
        assert found.value.can_retry
        assert SECRET not in _everything(found.value)
    await source.close()


def _everything(error: BaseException | None) -> str:
    """All that a log with a traceback would print."""
    told = ""
    while error:
        told += f"{error!r} {error}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


async def test_silence_may_mean_that_it_was_done() -> None:
    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    over_http = HttpSource(f"http://127.0.0.1:{port}", token=None, writable=True, timeout_s=0.2)
    of_sql = SqlSource(f"postgresql://us@127.0.0.1:{port}/x", query=QUERY, timeout_s=0.2)
    try:
        for source in (over_http, of_sql):
            with pytest.raises(SubscriptionsAway):
                await source.usable(KNOWN)
        with pytest.raises(SubscriptionsAway) as lost:
            await over_http.bring(KNOWN, Usable(plan=None, active=False), key="act_1")
        assert not isinstance(lost.value, NeverAsked)
    finally:
        await over_http.close()
        server.close()


@pytest.mark.parametrize(
    ("fault", "done"),
    [("error_before", False), ("error_after", True), ("timeout_after", True)],
)
async def test_an_answer_that_is_lost_says_nothing_of_what_was_done(
    fault: str, *, done: bool
) -> None:
    world = World(seed=1)
    world.insert("customer", id=KNOWN)
    async with served(create_outside(world, Mailbox())) as url, httpx.AsyncClient() as http:
        source = HttpSource(f"{url}/entitlements", token=SECRET, writable=True)
        await http.post(
            f"{url}/_sandbox/faults", json={"kind": fault, "path": "/entitlements", "method": "PUT"}
        )
        with pytest.raises(SubscriptionsAway) as lost:
            await source.bring(KNOWN, Usable(plan="starter", active=True), key="act_1")
        assert not isinstance(lost.value, NeverAsked)
        now = await source.usable(KNOWN)
        assert (now is not None and now.active) is done
        await source.close()


ANSWERS: list[tuple[int, bytes, type[SubscriptionsProblem]]] = [
    (200, b"<html>sign in</html>", UnreadableAnswer),
    (200, b"[]", UnreadableAnswer),
    (200, b"[" * 60_000, UnreadableAnswer),
    (200, b'{"plan": null, "active": true, "more": "' + b"x" * 70_000 + b'"}', UnreadableAnswer),
    (200, b"\xff\xfe", UnreadableAnswer),
    (200, b'{"plan": "starter"}', UnreadableAnswer),
    (200, b'{"active": true}', UnreadableAnswer),
    (200, b'{"plan": 3, "active": true}', UnreadableAnswer),
    (200, b'{"plan": "a\\u0000", "active": true}', UnreadableAnswer),
    (200, b'{"plan": "\\ud800", "active": true}', UnreadableAnswer),
    (200, b'{"plan": "starter", "active": "yes"}', UnreadableAnswer),
    (200, b'{"plan": "starter", "active": true, "quantity": -1}', UnreadableAnswer),
    (200, b'{"plan": "starter", "active": true, "quantity": true}', UnreadableAnswer),
    (302, b"", NotTaken),
    (401, b"", KeyNotTaken),
    (403, b"", KeyNotTaken),
    (400, b"", NotTaken),
    (409, b"", SubscriptionsAway),
    (429, b"", NeverAsked),
    (503, b"", SubscriptionsAway),
]


@pytest.mark.parametrize(("status", "body", "problem"), ANSWERS)
async def test_what_cannot_be_understood_is_told_as_that(
    status: int, body: bytes, problem: type[SubscriptionsProblem]
) -> None:
    async def answer(scope: Any, _receive: Any, send: Any) -> None:
        assert scope["headers"]
        elsewhere = [(b"location", b"http://127.0.0.1:9/"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": elsewhere})
        await send({"type": "http.response.body", "body": body})

    async with served(answer) as url:
        source = HttpSource(url, token=SECRET, writable=True)
        with pytest.raises(problem) as found:
            await source.usable(KNOWN)
        assert type(found.value) is problem
        assert SECRET not in _everything(found.value)
        await source.close()


async def test_a_query_cannot_change_anything(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        await conn.execute(TABLE.encode())
    greedy = "update accounts set active = true where stripe = %(customer)s returning *"
    with pytest.raises(KeyNotTaken):
        await SqlSource(database_url, query=greedy).usable(KNOWN)
    assert await SqlSource(database_url, query=QUERY).usable(KNOWN) == Usable(
        plan=None, active=False
    )


async def test_a_query_that_cannot_run_or_finds_two_is_told_as_that(database_url: str) -> None:
    for query in (
        "select 1 from nowhere",
        QUERY.replace("where", "cross join (values (1), (2)) x where"),
    ):
        async with await psycopg.AsyncConnection.connect(database_url) as conn:
            await conn.execute(b"drop table if exists accounts")
            await conn.execute(TABLE.encode())
        with pytest.raises(UnreadableAnswer):
            await SqlSource(database_url, query=query).usable(KNOWN)


async def test_a_statement_touches_one_account_or_none(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        await conn.execute(TABLE.encode())
    everybody = STATEMENT.replace("where stripe = %(customer)s", "where %(customer)s <> ''")
    both = "insert into accounts values ('cus_other', null, false, null, '')"
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        await conn.execute(both.encode())
    source = SqlSource(database_url, query=QUERY, statement=everybody)
    with pytest.raises(NotTaken):
        await source.bring(KNOWN, Usable(plan="starter", active=True), key="act_1")
    assert await source.usable(KNOWN) == Usable(plan=None, active=False)


async def test_what_is_only_read_is_not_written() -> None:
    only_read = (
        Mirrored(),
        HttpSource("http://127.0.0.1:9", token=None, writable=False),
        SqlSource("postgresql://127.0.0.1:9/x", query=QUERY),
    )
    for source in only_read:
        assert not source.writable
        with pytest.raises(NotTaken):
            await source.bring(KNOWN, Usable(plan=None, active=False), key="act_1")
        await source.close()


async def test_without_a_system_of_its_own_nobody_is_asked() -> None:
    assert await Mirrored().usable(KNOWN) is None
