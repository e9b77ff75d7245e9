"""The tail of events, and the pages that listen to it."""

import asyncio
from contextlib import ExitStack

import pytest
from psycopg import AsyncConnection
from tests.diagnostics.stripe_json import customer
from tests.web.browsing import signed_in
from tests.web.company import Company

from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.web.errors import TooManyError
from prunella.web.live import LOOKS_FOR_LATE_ONES, MAX_PER_SESSION, Live, Tail, stream

_HANG_UP = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


@pytest.fixture
async def live(web: Company) -> Live:
    await web.knows(customer())
    found: Live = web.app.state.site.live
    return found


async def tell(web: Company, event: Event) -> None:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await tx.emit(event)


async def test_a_page_hears_of_its_own_customer_by_either_name(web: Company, live: Live) -> None:
    known = await web.customer("cus_northbeck")
    other = await web.free_customer()
    ours = [
        Event("action.succeeded", "act_1", known.id),
        Event("stripe.invoice.paid", "in_1", None, {"customer": "cus_northbeck"}),
    ]
    running = asyncio.create_task(live.run())
    with (
        live.page(session="a", customer=known) as page,
        live.page(session="b", customer=other) as b,
    ):
        lines = stream(page)
        assert (await anext(lines)).startswith("retry:")
        assert "changed" in await anext(lines)
        await b.changed.wait()
        b.changed.clear()
        for event in ours:
            await tell(web, event)
            assert "changed" in await anext(lines)
        assert not b.changed.is_set()
    running.cancel()


async def test_a_page_that_comes_later_looks_once_at_what_it_may_have_missed(
    web: Company, live: Live
) -> None:
    other = await web.free_customer()
    running = asyncio.create_task(live.run())
    with live.page(session="a", customer=None) as first:
        await first.changed.wait()
        first.changed.clear()
        with live.page(session="b", customer=other) as later:
            await later.changed.wait()
            assert not first.changed.is_set()
    running.cancel()


async def test_what_commits_late_is_heard_of_all_the_same(web: Company, live: Live) -> None:
    """Its number was given before that of an event that pages have heard of already."""
    known = await web.customer("cus_northbeck")
    running = asyncio.create_task(live.run())
    with live.page(session="a", customer=known) as page:
        await page.changed.wait()
        page.changed.clear()
        async with web.rooms.house.transaction(SYSTEM) as slow:
            await slow.emit(Event("invoice.changed", "in_1", known.id))
            await tell(web, Event("invoice.changed", "in_2", known.id))
            await page.changed.wait()
            page.changed.clear()
        await page.changed.wait()
    running.cancel()


def test_a_number_that_nobody_ever_writes_is_not_looked_for_for_ever() -> None:
    tail = Tail(10)
    tail.take([11, 14])
    assert (tail.seen, list(tail.missing)) == (14, [12, 13])
    tail.take([13])
    assert list(tail.missing) == [12]
    for _ in range(LOOKS_FOR_LATE_ONES):
        tail.take([])
    assert (tail.seen, tail.missing) == (14, {})


async def test_a_session_may_have_a_few_pages_open_and_they_close(live: Live) -> None:
    with live.page(session="a", customer=None):
        live.check_room("a")
    with ExitStack() as pages:
        for _ in range(MAX_PER_SESSION):
            pages.enter_context(live.page(session="a", customer=None))
        with pytest.raises(TooManyError):
            live.check_room("a")
        live.check_room("b")
    live.check_room("a")


async def test_nobody_listens_without_a_session(web: Company) -> None:
    async with web.client() as client:
        assert (await client.get("/billing/events")).status_code == 401
    customers = await signed_in(web, (await web.free_customer()).id)
    assert (await customers.get("/desk/events")).status_code == 401


async def test_pages_hear_again_once_the_database_has_hung_up_on_everyone(
    web: Company, live: Live, database_url: str
) -> None:
    known = await web.customer("cus_northbeck")
    running = asyncio.create_task(live.run())
    with live.page(session="a", customer=known) as page:
        await page.changed.wait()
        async with await AsyncConnection.connect(database_url, autocommit=True) as other:
            await other.execute(_HANG_UP)
        page.changed.clear()
        await tell(web, Event("invoice.changed", "in_1", known.id))
        await page.changed.wait()
    running.cancel()
