"""Separate roles: who runs the processes adds to the audit log and can do nothing else to it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier, Literal
from tests.audit.world import KEY, seal, write
from tests.operations.terminal import prunella

from prunella import audit
from prunella.audit import INSERT_ONLY
from prunella.bootstrap import open_rooms
from prunella.cli.check_audit import of_audit
from prunella.cli.starting import note_start
from prunella.cli.store import Log
from prunella.cli.store import log as log_of
from prunella.kit import roles
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.settings import Settings


@dataclass(frozen=True)
class Divided:
    """One database, the role that owns it, and the role of the processes."""

    owner_url: str
    url: str
    role: str


@pytest.fixture
def divided(database_url: str) -> Iterator[Divided]:
    role, word = f"app_{secrets.token_hex(4)}", secrets.token_hex(8)
    create = SQL("create role {} login password {}").format(Identifier(role), Literal(word))
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(create)
    yield Divided(
        database_url, make_conninfo(database_url, user=role, password=word, passfile=""), role
    )
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(SQL("drop owned by {}").format(Identifier(role)))
        conn.execute(SQL("drop role {}").format(Identifier(role)))


async def test_the_processes_work_and_cannot_change_what_they_wrote(divided: Divided) -> None:
    role = await roles.grant(divided.owner_url, divided.url, insert_only=INSERT_ONLY)
    assert role == divided.role
    assert not await roles.may_change(divided.url, "audit_entries")
    async with open_rooms(Settings(), divided.url) as rooms:
        await note_start(rooms, "web")
        await write(rooms.house, 4)
        await seal(rooms.house)
    assert audit.check_database(divided.url, trusted=[KEY.verifying]).holds
    for statement in (
        "update audit_entries set because = 'x'",
        "delete from audit_entries",
        "truncate audit_entries",
        "alter table audit_entries disable trigger user",
        "drop trigger audit_entries_stay on audit_entries",
        "delete from audit_checkpoints",
        "update audit_keys set vkey = 'x'",
        "set session_replication_role = replica",
    ):
        with (
            psycopg.connect(divided.url) as conn,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            conn.execute(statement.encode())


async def test_migrate_divides_the_roles(divided: Divided, tmp_path: Path) -> None:
    env = {"PRUNELLA_DATABASE_URL": divided.url, "PRUNELLA_MIGRATE_URL": divided.owner_url}
    for _ in range(2):
        done = prunella("migrate", env=env, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        assert f"The role {divided.role} may work with it" in done.stdout
    assert not await roles.may_change(divided.url, "audit_entries")


async def test_one_role_for_all_is_refused_by_a_trigger_and_named(database_url: str) -> None:
    assert await roles.grant(database_url, database_url, insert_only=INSERT_ONLY) is None
    assert await roles.may_change(database_url, "audit_entries")
    now = datetime(2026, 3, 3, tzinfo=UTC)
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        log = await log_of(conn, now)
        assert log == Log(6, 6, 0, 0)
        [said] = of_audit(log, may_change=True)
        assert (said.state, "PRUNELLA_MIGRATE_URL" in said.words) == ("look", True)
        await conn.execute("alter table audit_entries disable trigger user")
        [gone] = of_audit(await log_of(conn, now), may_change=False)
    assert (gone.state, "missing or off" in gone.words) == ("bad", True)


async def test_entries_that_nobody_seals_are_named(house: House, database_url: str) -> None:
    await write(house, 3)
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        log = await log_of(conn, datetime(2030, 1, 1, tzinfo=UTC))
    [said] = of_audit(log, may_change=False)
    assert said.words.startswith("3 audit entries have waited")


async def test_what_is_set_and_what_content_says_is_written_down_when_it_changed(
    database_url: str,
) -> None:
    before = Settings(admin_token="a" * 40)
    after = Settings(admin_token="b" * 40, public_url="https://billing.tai.example")
    for settings in (before, before, after):
        async with open_rooms(settings, database_url) as rooms:
            await note_start(rooms, "web")
    async with open_rooms(after, database_url) as rooms, rooms.house.transaction(SYSTEM) as tx:
        changes = await audit.entries(tx, which=audit.Filter(verb="settings.changed"))
        contents = await audit.entries(tx, which=audit.Filter(verb="content.changed"))
    assert len(contents) == 1
    [first, second] = changes
    assert first.before is None
    assert second.before
    assert second.after
    changed = {name for name in second.after if second.after[name] != second.before[name]}
    assert changed == {"public_url", "secrets"}
    assert "a" * 40 not in str(changes)
