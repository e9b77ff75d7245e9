"""Starting the demo: stand-in, web and worker, then the company is brought to life."""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import structlog
import uvloop
from psycopg.conninfo import make_conninfo

from prunella import bootstrap, web
from prunella.bootstrap import CLOCK_EVERY_S
from prunella.cli.demo.errors import DemoNotReadyError, DemoRunningError
from prunella.cli.demo.pages import demo_router
from prunella.cli.demo.plan import HOST, Plan, make_plan
from prunella.cli.serving_web import serve_app
from prunella.kit.database import EmbeddedPostgres, create_database, drop_database
from prunella.kit.database.refusals import explained
from prunella.kit.migrate import migrate
from prunella.kit.supervise import supervise
from prunella.settings import Settings, shipped
from prunella_sandbox.company import populate

DATABASE = "demo"
WAIT_S = 400.0
CUSTOMERS = 200
LISTENS_FROM = 58.0
"""The day on which Prunella comes to the company: what was before, it reads from Stripe."""
log = structlog.get_logger()


def run_demo(settings: Settings, *, port: int, customers: int = CUSTOMERS) -> None:
    """Run until Ctrl+C. Each demo begins with a fresh database and a fresh company."""
    folder = (settings.data_dir / "demo").resolve()
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(folder / "postgres")
    server = postgres.attach_or_start()
    if not postgres.is_owner:
        raise DemoRunningError
    try:
        drop_database(server, name=DATABASE)
        url = create_database(server, name=DATABASE)
        plan = make_plan(folder, port=port)
        uvloop.run(_run(plan, make_conninfo(url), postgres, customers=customers))
    finally:
        postgres.stop()


async def _run(plan: Plan, url: str, postgres: EmbeddedPostgres, *, customers: int) -> None:
    await migrate(url, shipped("schema"))
    await asyncio.to_thread(plan.begin_anew, url)
    async with asyncio.TaskGroup() as group:
        seeding = group.create_task(_bring_to_life(plan, customers))
        await supervise(plan.children(url), ensure=postgres.ensure)
        seeding.cancel()


async def _bring_to_life(plan: Plan, customers: int) -> None:
    _say("Starting a made-up company on this machine…")
    await _answers(f"{plan.stripe_url}/_sandbox/clock")
    await _answers(f"{plan.url}/readyz")
    _say(f"It takes half a minute; {plan.url}/demo shows how far it is.")
    webhook = f"{plan.url}/webhooks/stripe"
    company = await asyncio.to_thread(
        populate,
        plan.stripe_url,
        webhook_url=webhook,
        webhook_secret=plan.webhook_secret,
        customers=customers,
        listens_from=LISTENS_FROM,
        at_each_stop=CatchingUp(plan).at_each_stop,
    )
    residents = [asdict(resident) for resident in company.customers]
    await asyncio.to_thread(_write, plan.company_file, residents)
    await asyncio.to_thread(_let_some_ask, plan)
    await asyncio.to_thread(_wait_until_settled, plan)
    _say(f"\n  Open {plan.url}/demo\n\n  Ctrl+C ends it; nothing has left this machine.")


async def _answers(url: str) -> None:
    async with httpx.AsyncClient() as client:
        try:
            async with asyncio.timeout(WAIT_S):
                while not await _is_up(client, url):  # noqa: ASYNC110 another process comes up
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise DemoNotReadyError from None


async def _is_up(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.TransportError:
        log.debug("not up yet", url=url)
        return False


@dataclass
class CatchingUp:
    """What Prunella does while the company's time stands still."""

    plan: Plan
    has_read: bool = False

    def at_each_stop(self) -> None:
        if not self.has_read:
            httpx.post(f"{self.plan.url}/demo/sync", timeout=WAIT_S).raise_for_status()
            self.has_read = True
        _wait_until_settled(self.plan)


def _let_some_ask(plan: Plan) -> None:
    """Some customers asked for money back this morning: what was decided can be judged again."""
    httpx.post(f"{plan.url}/demo/morning", timeout=WAIT_S).raise_for_status()


def _wait_until_settled(plan: Plan) -> None:
    """Wait until what the company did so far has arrived, so that letters bear the right day."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        time.sleep(CLOCK_EVERY_S)
        answer = httpx.get(f"{plan.url}/demo/waiting", timeout=WAIT_S)
        if answer.is_success and not answer.json()["waiting"]:
            return


def _write(path: Path, residents: list[dict[str, str]]) -> None:
    path.write_text(json.dumps(residents))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def run_demo_web(settings: Settings, url: str, *, port: int) -> None:
    """Serve the pages with the demo's own in front; a child of `demo`."""
    async with bootstrap.open_rooms(settings, url) as rooms:
        app = web.create_app(rooms)
        app.include_router(demo_router(settings))
        await serve_app(app, host=HOST, port=port)
