"""Where the databases of tests are kept, and what becomes of what a killed run left."""

from pathlib import Path

import pytest
from tests import memory


def test_what_a_killed_run_left_goes_and_what_a_living_one_holds_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 0)
    left = tmp_path / f"{memory.PREFIX}left"
    left.mkdir()
    with memory.in_memory(tmp_path / "postgres") as mine:
        assert not left.exists()
        mine.mkdir()
        with memory.in_memory(tmp_path / "postgres") as another:
            assert another.parent != mine.parent
            assert mine.exists()
    assert not mine.parent.exists()


def test_where_memory_is_short_they_are_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path)
    monkeypatch.setattr(memory, "ROOM", 1 << 60)
    with memory.in_memory(tmp_path / "postgres") as folder:
        assert folder == tmp_path / "postgres"
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_memory_to_write_to_they_are_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "nowhere")
    monkeypatch.setattr(memory, "ROOM", 0)
    with memory.in_memory(tmp_path / "postgres") as folder:
        assert folder == tmp_path / "postgres"
