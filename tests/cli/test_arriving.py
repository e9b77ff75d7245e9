"""The demo's page opens at once, and says how far its company is."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from prunella.cli.demo.pages import demo_router
from prunella.settings import Settings
from prunella_sandbox import Clock, World, create_app
from prunella_sandbox.company import BEGINS
from prunella_sandbox.serving import address, bind


@contextmanager
def stand_in(world: World) -> Iterator[str]:
    """Serve the made-up company's Stripe; gives its address."""
    listening = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(world), log_config=None))
    running = Thread(target=server.run, args=([listening],))
    running.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield address(listening)
    finally:
        server.should_exit = True
        running.join()
        listening.close()


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    world = World(seed=1, clock=Clock(system=(BEGINS + timedelta(days=44)).timestamp))
    with stand_in(world) as url:
        app = FastAPI()
        app.state.site = SimpleNamespace(pages=SimpleNamespace(static={"prunella.css": "/p.css"}))
        app.include_router(demo_router(Settings(data_dir=tmp_path, stripe_api_base=url)))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://demo") as client:
            yield client


async def test_before_the_company_lives_the_page_tells_its_day_and_looks_again(
    visitor: httpx.AsyncClient,
) -> None:
    page = await visitor.get("/demo")
    assert "The company is being brought to life" in page.text
    assert "14 February" in page.text
    assert "Day 45 of 62." in page.text
    assert page.headers["refresh"] == "3"
    assert "/demo/as/" not in page.text
    assert "/demo/clock" not in page.text
