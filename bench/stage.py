"""What the benchmarks stand on: a durable PostgreSQL of their own, and mirrored customers."""

import json
import statistics
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from tests.diagnostics import stripe_json

from prunella.bootstrap import Rooms, open_rooms
from prunella.kit.database import EmbeddedPostgres, create_database
from prunella.kit.migrate import migrate
from prunella.settings import Settings, shipped

SIZES = (200, 20_000, 1_000_000)
A_BATCH = 50_000
JWT_SECRET = "a secret of the benchmarks that is long enough"
_FILL = """
insert into mirror_objects
  (id, kind, customer, parent, status, created, as_of, as_of_until, deleted, version, data)
select t.id || '_' || n, t.kind, 'cus_northbeck_' || n, null, t.status, t.created,
       now(), now(), false, 1, replace(t.data, '~', '_' || n)::jsonb
from generate_series(%(first)s::int, %(last)s::int) n, template t
"""
_TEMPLATE = """
create temporary table template (id text, kind text, status text, created timestamptz, data text)
"""
_ADD = "insert into template values (%s, %s, %s, to_timestamp(%s), %s)"


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL with fsync on, as an installation has it."""
    with TemporaryDirectory(prefix="bench-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        conninfo = server.attach_or_start()
        try:
            yield create_database(conninfo, name="bench")
        finally:
            server.stop()


@asynccontextmanager
async def rooms(url: str) -> AsyncIterator[Rooms]:
    await migrate(url, shipped("schema"))
    unlimited = {"rate_per_token": 0, "rate_per_address": 0}
    settings = Settings.model_validate({"customer_jwt_secret": JWT_SECRET, **unlimited})
    async with open_rooms(settings, url) as opened:
        yield opened


def fill(url: str, *, first: int, last: int) -> None:
    """Mirror customers number `first` to `last`, each with a card, a plan, and a failed payment."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("set synchronous_commit = off")
        conn.execute(_TEMPLATE)
        for one in _objects():
            row = (one["id"], one["object"], one.get("status"), one.get("created"), _marked(one))
            conn.execute(_ADD, row)
        for start in range(first, last + 1, A_BATCH):
            end = min(start + A_BATCH - 1, last)
            conn.execute(_FILL, {"first": start, "last": end})
        conn.execute("analyze mirror_objects")


def percentiles(seconds: list[float]) -> tuple[float, float]:
    """Return p50 and p99 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def _objects() -> list[stripe_json.Json]:
    before = stripe_json.paid_invoice()
    return [stripe_json.customer(), stripe_json.card(), before, *stripe_json.failed()]


def _marked(one: stripe_json.Json) -> str:
    """Every id gets a mark that the customer's number takes the place of."""
    text = json.dumps(one)
    for known in {found["id"] for found in _objects()} | {"cus_northbeck", "sub_starter"}:
        text = text.replace(f'"{known}"', f'"{known}~"')
    return text
