"""Checkpoints that somebody keeps elsewhere, in whatever way they put them there."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.audit.world import check, intruder, seal, write

from prunella import audit
from prunella.kit.house import House


def told(note: str) -> dict[str, object]:
    """What `GET /v1/audit/checkpoint` says of it."""
    return {"origin": note.splitlines()[0], "note": note, "keys": ["prunella.audit+ee+AA"]}


KEPT: dict[str, Callable[[Sequence[str]], str]] = {
    "as the API answered": lambda notes: json.dumps(told(notes[-1])),
    "one answer below the other": lambda notes: "\n".join(json.dumps(told(one)) for one in notes),
    "laid out to be read": lambda notes: json.dumps(told(notes[-1]), indent=2) + "\n",
    "with empty lines around": lambda notes: "\n" + "".join(f"{one}\n" for one in notes),
    "without the last line break": lambda notes: notes[-1].strip(),
}


async def kept(house: House, url: str) -> list[str]:
    notes = []
    for first in (0, 5):
        await write(house, 5, first=first)
        await seal(house)
        notes.append(audit.newest_note(url))
    return notes


def put(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize("how", KEPT)
async def test_a_checkpoint_counts_however_it_was_kept(
    house: House, database_url: str, tmp_path: Path, how: str
) -> None:
    path = put(tmp_path / "kept", KEPT[how](await kept(house, database_url)))
    report = check(database_url, path)
    assert report.holds
    assert report.verdict.checkpoints > 2
    with intruder(database_url) as thief, thief.trying():
        thief.run("truncate audit_entries, audit_tiles, audit_checkpoints")
        assert thief.check().holds
        assert str(thief.check(path).verdict.wrong).startswith("The end was cut off: ")


async def test_an_answer_that_was_edited_vouches_for_nothing(
    house: House, database_url: str, tmp_path: Path
) -> None:
    answer = KEPT["as the API answered"](await kept(house, database_url))
    path = put(tmp_path / "kept", answer.replace("\\n10\\n", "\\n11\\n"))
    assert "was changed" in " ".join(check(database_url, path).problems)


async def test_a_file_without_a_checkpoint_vouches_for_nothing(
    house: House, database_url: str, tmp_path: Path
) -> None:
    await kept(house, database_url)
    assert not check(database_url, put(tmp_path / "kept", "")).holds
