"""Many processes, one folder, one server."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.kit.database.conftest import Crew, Writer, eventually

from prunella.kit.database import EmbeddedPostgres, create_database, drop_database
from prunella.kit.database.home import Home

as_root_and_as_ordinary_user = pytest.mark.parametrize("crew", ["me", "ordinary"], indirect=True)


def _settings(conninfo: str) -> dict[str, str]:
    with psycopg.connect(conninfo) as conn:
        names = "fsync synchronous_commit data_checksums server_encoding TimeZone listen_addresses"
        return {n: str((conn.execute(f"show {n}").fetchone() or [""])[0]) for n in names.split()}


@as_root_and_as_ordinary_user
def test_the_first_process_starts_it_and_the_second_attaches(crew: Crew) -> None:
    folder = crew.where / "postgres"
    first = crew.start(folder)
    assert first.reply["owner"] is True
    second = crew.start(folder)
    assert second.reply == {"conninfo": first.conninfo, "owner": False}
    assert _settings(second.conninfo) == {
        "fsync": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "listen_addresses": "",
    }


@as_root_and_as_ordinary_user
def test_two_that_race_for_a_fresh_folder_share_one_server(crew: Crew) -> None:
    folder = crew.where / "postgres"
    actors = [crew.start(folder) for _ in range(4)]
    assert len({actor.conninfo for actor in actors}) == 1
    assert [actor.reply["owner"] for actor in actors].count(True) == 1
    assert (folder / "log").read_text().count("starting PostgreSQL") == 1
    assert sorted(path.name for path in folder.iterdir()) == ["data", "lock", "log"]


def test_what_was_stored_is_there_after_a_stop(crew: Crew) -> None:
    folder = crew.where / "postgres"
    first = crew.start(folder)
    with psycopg.connect(first.conninfo) as conn:
        conn.execute("create table kept as select 'Grüße' as words")
    first.leave()
    assert crew.servers(folder) == set()
    with psycopg.connect(crew.start(folder).conninfo) as conn:
        assert conn.execute("select words from kept").fetchone() == ("Grüße",)


def test_one_that_attached_takes_over_when_the_owner_leaves(
    crew: Crew, write_to: Callable[[str], Writer]
) -> None:
    folder = crew.where / "postgres"
    owner = crew.start(folder)
    writer = write_to(owner.conninfo)
    assert crew.start(folder).reply["owner"] is False
    owner.leave()
    writer.goes_on()
    assert writer.lost() == set()


def test_the_password_is_needed_and_only_its_owner_may_read_it(crew: Crew) -> None:
    folder = crew.where / "postgres"
    conninfo = crew.start(folder).conninfo
    assert Home(folder).password_file.stat().st_mode & 0o777 == 0o600
    assert Home(folder).data.stat().st_mode & 0o777 == 0o700
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(conninfo, passfile="/dev/null")


def test_none_of_our_secrets_reach_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRUNELLA_STRIPE_API_KEY", "sk_test_secret")
    postgres = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    postgres.attach_or_start()
    pid = (tmp_path / "postgres/data/postmaster.pid").read_text().split()[0]
    assert b"sk_test" not in Path(f"/proc/{pid}/environ").read_bytes()
    postgres.stop()


def test_a_kill_in_the_middle_of_making_it_leaves_nothing_half_made(crew: Crew) -> None:
    folder = crew.where / "postgres"
    first = crew.start(folder)
    eventually(lambda: any(folder.glob("data.new.*/base")))
    first.kill()
    assert not (folder / "data").exists()
    second = crew.start(folder)
    assert second.reply["owner"] is True
    assert list(folder.glob("data.new.*")) == []


def test_a_test_gets_a_database_of_its_own_as_a_copy(server: str) -> None:
    template = create_database(server, name="with_a_table")
    with psycopg.connect(template) as conn:
        conn.execute("create table copied (x int)")
    for _ in range(2):
        with psycopg.connect(create_database(server, template="with_a_table")) as conn:
            conn.execute("insert into copied values (1)")
            assert conn.execute("select count(*) from copied").fetchone() == (1,)
    drop_database(server, name="with_a_table")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(template)


def test_the_log_stays_bounded(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.log.write_bytes(b"x" * (9 * 1024 * 1024))
    home.trim_log()
    assert (home.log.stat().st_size, (tmp_path / "log.1").stat().st_size) == (0, 9 * 1024 * 1024)
