"""`prunella audit`, as an operator types it."""

import base64
import os
import stat
from pathlib import Path

import psycopg
import pytest
from tests.audit.world import seal, write
from tests.operations.terminal import prunella

from prunella.audit import SigningKeyError, find_key, find_or_make_key
from prunella.audit.keys import signing_key
from prunella.kit.house import House
from prunella.settings import SettingsError, load_settings

SET = base64.b64encode(bytes(range(32))).decode()


async def test_verify_names_an_edited_row_and_ends_with_1(
    house: House, database_url: str, tmp_path: Path
) -> None:
    seqs = await write(house, 5)
    await seal(house)
    env = {"PRUNELLA_DATABASE_URL": database_url, "PRUNELLA_AUDIT_KEY": SET}
    fine = prunella("audit", "verify", env=env, folder=tmp_path)
    assert (fine.returncode, fine.stderr) == (0, "")
    assert fine.stdout.startswith("● 5 entries are as they were sealed")
    head = prunella("audit", "checkpoint", env=env, folder=tmp_path).stdout
    (tmp_path / "kept.txt").write_text(head)
    public = prunella("audit", "key", env=env, folder=tmp_path).stdout.strip()
    assert public.startswith("prunella.audit+")
    done = prunella("audit", "export", "log.jsonl", env=env, folder=tmp_path)
    assert done.stdout == "5 entries stand in log.jsonl.\n"

    elsewhere = {"PRUNELLA_DATABASE_URL": database_url}
    words = ("audit", "verify", "--checkpoint", "kept.txt")
    unproven = prunella(*words, env=elsewhere, folder=tmp_path)
    assert unproven.returncode == 0
    assert "▲ No key is known here" in unproven.stdout
    proven = prunella(*words, "--key", public, env=elsewhere, folder=tmp_path)
    assert "▲" not in proven.stdout
    exported = ("audit", "verify", "--export", "log.jsonl", "--key", public)
    assert prunella(*exported, env={}, folder=tmp_path).returncode == 0

    with psycopg.connect(database_url) as conn:
        conn.execute("alter table audit_entries disable trigger user")
        conn.execute("update audit_entries set after = '{}' where seq = %s", (seqs[2],))
    found = prunella("audit", "verify", env=env, folder=tmp_path)
    assert found.returncode == 1
    assert f"◆ Entry {seqs[2]} was changed after it was sealed." in found.stdout


def test_a_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert find_key(tmp_path, None) is None
    key = find_or_make_key(tmp_path / "data", None)
    again = find_or_make_key(tmp_path / "data", None)
    assert key.verifying == again.verifying
    [path] = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600  # noqa: PTH116 the mode is what counts
    assert find_or_make_key(tmp_path / "data", SET).verifying == signing_key(SET).verifying
    path.write_text("nonsense")
    with pytest.raises(SigningKeyError):
        find_or_make_key(tmp_path / "data", None)


def test_a_key_of_the_wrong_length_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRUNELLA_AUDIT_KEY", "c2hvcnQ=")
    with pytest.raises(SettingsError, match="PRUNELLA_AUDIT_KEY is not 32 bytes in base64"):
        load_settings()
