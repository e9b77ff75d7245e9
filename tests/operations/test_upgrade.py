"""A database that an earlier version left in mid-flow is migrated, and everything goes on."""

from pathlib import Path

import httpx
import psycopg
import pytest
from tests.conftest import TestClock
from tests.journeys.company import Company, company
from tests.journeys.subscriber import refused
from tests.operations.living import pay
from tests.operations.terminal import prunella, typed

from prunella.bootstrap import Outside, open_rooms
from prunella.kit import timers
from prunella.kit.backup import store
from prunella.kit.database import create_database
from prunella.kit.migrate import migrate, pending
from prunella.settings import Settings, shipped

FIRST = Path(__file__).parent / "data" / "first_issue.sql"
HEALED, RED = "cus_yutF8LXppwT9we", "cus_lV7xGL07F9sWQX"
LATE = "cus_YQCqXihSe1x6r1"
"""Stripe had told of this one, and the event was waiting."""
SOLVED = """
insert into cases (id, customer, subject, about, reuse_key, text, status, severity, level, because,
  context, promised_at, opened_at, solved_at)
select 'case_solved', customer, subject, about, 'case_solved', text, 'solved', severity, level,
  because, context, promised_at, opened_at, %(at)s
from cases where number = 1001
"""
OF_THE_MACHINERY = {"public.schema_migrations"}


@pytest.fixture
def earlier(server: str) -> str:
    """The database of the first version; two payments had failed, one was healed."""
    url = create_database(server)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(FIRST.read_bytes())
    return url


def rows(url: str) -> dict[str, int]:
    with psycopg.connect(url) as conn:
        return store.count_rows(conn)


async def test_no_row_is_lost_by_migrating(earlier: str) -> None:
    before = rows(earlier)
    assert before["public.customers"] == 3
    await migrate(earlier, shipped("schema"))
    assert not await pending(earlier, shipped("schema"))
    after = rows(earlier)
    kept = set(before) - OF_THE_MACHINERY
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


async def test_a_second_migration_changes_nothing(earlier: str) -> None:
    await migrate(earlier, shipped("schema"))
    assert await migrate(earlier, shipped("schema")) == []


async def test_an_upgraded_database_has_the_shape_of_a_fresh_one(
    earlier: str, database_url: str
) -> None:
    await migrate(earlier, shipped("schema"))
    assert columns(earlier) == columns(database_url)


def columns(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as conn:
        return conn.execute(
            "select table_name, column_name, data_type, is_nullable from"
            " information_schema.columns where table_schema = 'public' order by 1, 2"
        ).fetchall()


async def test_what_was_solved_before_the_upgrade_closes_after_a_week(
    earlier: str, clock: TestClock
) -> None:
    with psycopg.connect(earlier, autocommit=True) as conn:
        conn.execute(SOLVED, {"at": clock.now()})
    await migrate(earlier, shipped("schema"))
    async with open_rooms(Settings(), earlier, outside=Outside(clock=clock)) as rooms:
        await rooms.mend_older_cases()
        assert solved_one(earlier) == "solved"
        clock.advance(days=7)
        await rooms.mend_older_cases()
        while await timers.fire_one(rooms.house):
            pass
        assert solved_one(earlier) == "closed"


def solved_one(url: str) -> str:
    with psycopg.connect(url) as conn:
        [(status,)] = conn.execute("select status from cases where id = 'case_solved'").fetchall()
    return str(status)


def test_what_was_under_way_goes_on_and_flow_one_works(earlier: str, tmp_path: Path) -> None:
    env = {"PRUNELLA_DATABASE_URL": earlier}
    assert prunella("migrate", env=env, folder=tmp_path).returncode == 0
    assert "not enough money" in prunella("diagnose", RED, env=env, folder=tmp_path).stdout
    assert "[healthy]" in prunella("diagnose", HEALED, env=env, folder=tmp_path).stdout
    with company(earlier, tmp_path) as running:
        running.until(lambda: answer(running), what="the answer given before the upgrade goes out")
        running.until(lambda: taken(running), what="the event that waited is taken")
        assert running.rows("select 1 from outcomes where confirmed") == [(1,)]
        running.until(lambda: clocks(running), what="the case from before has its clocks")
        assert case_of(running)["status"] in {"pending", "open", "solved"}
        customer, invoice = refused(running)
        customer.letter()
        customer.bank_says("")
        pay(running, running.url, customer, invoice)
        customer.settled_once(invoice)
        assert "rows" in typed(running, "backup", str(tmp_path / "after.backup"))


def answer(running: Company) -> bool:
    return any("all is well" in str(whole(running, one["id"])) for one in running.letters())


def clocks(running: Company) -> bool:
    return running.rows(
        "select count(*) from case_clocks k join cases c on c.id = k.case_id where c.number = 1001"
    ) == [(1,)]


def taken(running: Company) -> bool:
    return running.rows("select state from stripe_inbox where object_id = %s", LATE) == [("done",)]


def whole(running: Company, letter: str) -> object:
    return running.outside("GET", f"/_sandbox/mail/{letter}")


def case_of(running: Company) -> dict[str, str]:
    answered = httpx.get(
        f"{running.url}/v1/cases",
        headers={"Authorization": f"Bearer {running.admin_token}"},
        timeout=60,
    )
    found: list[dict[str, str]] = answered.raise_for_status().json()["data"]
    assert len(found) == 1
    return found[0]
