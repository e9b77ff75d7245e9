"""An operator in an empty folder who set something wrong: one clear sentence, and no trace."""

import shutil
from pathlib import Path

import pytest
from tests.operations.terminal import prunella

from prunella.cli.check_content import must_be_usable
from prunella.cli.database import Database
from prunella.cli.serving import children
from prunella.settings import ContentError, Settings, SettingsError, load_settings, shipped

PASSWORD = "correct-horse"


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content, as somebody has who changes it."""
    return Path(shutil.copytree(shipped("content"), tmp_path / "content"))


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MAIL_IMAP_URL", f"u:{PASSWORD}@host/INBOX", "imaps://user:password@host/INBOX"),
        ("MAIL_IMAP_URL", f"imaps://u:{PASSWORD}@host:99999", "is no mailbox"),
        ("MAIL_SMTP_URL", f"u:{PASSWORD}@host:25", "smtp://user:password@host:587"),
        ("MAIL_LMTP_LISTEN", "everywhere", "127.0.0.1:2003"),
        ("MAIL_AUTHSERV_ID", "our mail server", "Authentication-Results"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_told_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"PRUNELLA_{name}", value)
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert str(told.value).startswith(f"PRUNELLA_{name} is no ")
    assert words in str(told.value)
    assert PASSWORD not in str(told.value)


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("sla.toml", '"24h"', '"banana"', "banana is no time. Write a number and m, h or d"),
        ("channels.toml", 'team = "support"', 'team = "sales"', "team has to be one of"),
        ("channels.toml", "[[address]]", "[[address", "Correct the line"),
        ("macros/solution.toml", "fix = ", "fxi = ", "{fix} is never filled in"),
        ("templates/solution.toml", "{fix}", "{nonsense}", "{nonsense} is never filled in"),
    ],
)
def test_content_that_is_wrong_is_told_with_its_file_before_anything_starts(
    content: Path, file: str, before: str, after: str, words: str
) -> None:
    must_be_usable(Settings(content_dir=content))
    change(content / file, before, after)
    with pytest.raises(ContentError) as told:
        must_be_usable(Settings(content_dir=content))
    assert f"{content / file}" in str(told.value)
    assert words in str(told.value)


def test_a_template_that_is_gone_is_missed_before_the_first_letter(content: Path) -> None:
    (content / "templates" / "case_received.toml").unlink()
    with pytest.raises(ContentError, match=r"case_received\.toml is missing: put it back"):
        must_be_usable(Settings(content_dir=content))


def test_serve_says_what_is_wrong_and_ends(content: Path, tmp_path: Path) -> None:
    change(content / "sla.toml", '"24h"', '"banana"')
    ended = prunella("serve", env={"PRUNELLA_CONTENT_DIR": str(content)}, folder=tmp_path)
    assert ended.returncode == 1
    assert "banana is no time" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / ".prunella").exists()


def test_links_lead_to_the_port_that_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "postgresql://here/db"
    settings, base = Settings(), Database(url=here, migrate_url=here, ensure=None)
    monkeypatch.delenv("PRUNELLA_PUBLIC_URL", raising=False)
    for child in children(settings, base, host="127.0.0.1", port=8123):
        assert (child.env or {})["PRUNELLA_PUBLIC_URL"] == "http://127.0.0.1:8123"
    monkeypatch.setenv("PRUNELLA_PUBLIC_URL", "https://pay.tai.example")
    for child in children(settings, base, host="127.0.0.1", port=8123):
        assert (child.env or {})["PRUNELLA_PUBLIC_URL"] == "https://pay.tai.example"
