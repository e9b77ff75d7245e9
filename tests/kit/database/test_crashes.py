"""`kill -9` of any of them: every acknowledged row is there afterwards."""

import os
import signal
import subprocess
from collections.abc import Callable

import psycopg
import pytest
from tests.kit.database.conftest import Crew, Writer, eventually

from prunella.kit.database.home import Home

pytestmark = pytest.mark.parametrize("crew", ["me", "ordinary"], indirect=True)
Write = Callable[[str], Writer]


def test_the_owner_is_killed_and_an_attached_process_takes_over(
    crew: Crew, write_to: Write
) -> None:
    folder = crew.where / "postgres"
    owner = crew.start(folder)
    writer = write_to(owner.conninfo)
    assert crew.start(folder).reply["owner"] is False
    for _ in range(2):
        writer.goes_on()
        crew.actors[0].kill()
        writer.goes_on()
        assert writer.lost() == set()
        crew.actors.append(crew.actors.pop(0))
        crew.start(folder)


def test_the_server_ends_with_its_owner(crew: Crew) -> None:
    folder = crew.where / "postgres"
    owner = crew.start(folder)
    assert owner.reply["owner"] is True
    assert crew.servers(folder)
    owner.kill()
    eventually(lambda: not crew.servers(folder))


def test_the_postmaster_is_killed_and_its_owner_starts_it_again(
    crew: Crew, write_to: Write
) -> None:
    folder = crew.where / "postgres"
    writer = write_to(crew.start(folder).conninfo)
    for _ in range(3):
        writer.goes_on()
        os.kill(crew.postmaster(folder), signal.SIGKILL)
        writer.goes_on()
        assert writer.lost() == set()


def test_everything_is_killed_and_the_next_process_starts_it(crew: Crew, write_to: Write) -> None:
    folder = crew.where / "postgres"
    writer = write_to(crew.start(folder).conninfo)
    for _ in range(2):
        writer.goes_on()
        crew.kill_everything(folder)
        assert crew.start(folder).reply["owner"] is True
        writer.goes_on()
        assert writer.lost() == set()


def test_a_busy_backend_of_a_killed_server_does_not_hold_up_the_next(crew: Crew) -> None:
    folder = crew.where / "postgres"
    owner = crew.start(folder)
    with psycopg.connect(owner.conninfo) as conn:
        backend = conn.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # as deaf as one that computes
        os.kill(owner.process.pid, signal.SIGSTOP)
        os.kill(crew.postmaster(folder), signal.SIGKILL)
        owner.kill()
        assert crew.start(folder).conninfo == owner.conninfo
        assert backend not in crew.servers(folder)


def test_a_stranger_has_the_process_id_of_the_crashed_server(crew: Crew) -> None:
    folder = crew.where / "postgres"
    owner = crew.start(folder)
    assert owner.conninfo
    uid = Home(folder).data.stat().st_uid
    pidfile = folder / "data" / "postmaster.pid"
    left_behind = pidfile.read_text().split("\n", 1)[1]
    crew.kill_everything(folder)
    same_user = {} if uid == os.geteuid() else {"user": uid}
    stranger = subprocess.Popen(["/bin/sleep", "600"], **same_user)  # type: ignore[call-overload]
    pidfile.write_text(f"{stranger.pid}\n{left_behind}")
    assert crew.start(folder).reply["owner"] is True
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_stranger_in_the_pid_file_is_not_signalled_by_a_stop(crew: Crew) -> None:
    folder = crew.where / "postgres"
    owner = crew.start(folder)
    assert owner.conninfo
    postmaster = crew.postmaster(folder)
    owner.leave()
    assert not (folder / "data" / "postmaster.pid").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(postmaster, 0)
