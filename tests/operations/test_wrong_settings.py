"""An operator in an empty folder who set something wrong: one clear sentence, and no trace."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from tests.operations.terminal import prunella

from prunella.cli.check_content import must_be_usable
from prunella.cli.database import Database, NewerDatabaseError, bring_up_to_date
from prunella.cli.failing import in_words
from prunella.cli.listening import CannotListenError, must_be_free
from prunella.cli.serving import children
from prunella.cli.writing import CannotWriteError, writing
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
        ("DATABASE_URL", f"mysql://u:{PASSWORD}@host/db", "postgresql://user:password@host:5432"),
        ("DATABASE_URL", f"postgresql://u:p@ss#{PASSWORD}@host/db", "are written %40, %23"),
        ("DATABASE_URL", f"postgresql://u:{PASSWORD}%zz@host/db", "are written %40, %23"),
        ("MIGRATE_URL", f"postgresql://u:{PASSWORD}@host:99999/db", "is no PostgreSQL database"),
        ("STRIPE_API_KEY", f"pk_test_{PASSWORD}", "begins with sk_ or rk_"),
        ("STRIPE_READ_KEY", f"rk_test_ {PASSWORD}", "has no spaces"),
        ("PUBLIC_URL", f"https://u:{PASSWORD}@billing.tai.example", "without a password"),
        ("PUBLIC_URL", "https://", "https://billing.example.com"),
        ("SUBSCRIPTIONS_URL", f"ftp://u:{PASSWORD}@host/x", "https://app.example.com/entitlements"),
        ("MAIL_FROM", "billing", "`Name <billing@example.com>`"),
        ("MAIL_FROM", "a@tai.example\nBcc: b@tai.example", "on one line"),
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
    ("name", "value", "words"),
    [
        ("RATE_PER_TOKEN", "fast", "is no number."),
        ("RATE_PER_TOKEN", "-1", "must be 0 or more."),
        ("STRIPE_REQUESTS_PER_S", "0", "must be more than 0."),
        ("HOOKS_PRIVATE", "perhaps", "must be true or false."),
        (
            "SUBSCRIPTIONS_QUERY",
            "select true",
            "asks for nobody: it needs %(customer)s where the customer's id belongs.",
        ),
        ("CLOCK", "theirs", "must be 'system' or 'sandbox'."),
    ],
)
def test_a_figure_or_a_choice_is_told_in_our_own_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"PRUNELLA_{name}", value)
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert str(told.value) == f"PRUNELLA_{name} {words}"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p%40ss@db.tai.example:5432/prunella?sslmode=require",
        "postgres://u@[::1]/prunella",
        "host=/run/postgresql dbname=prunella",
        "postgresql://one:5432,two:5433/prunella",
    ],
)
def test_every_way_to_name_a_database_is_taken(url: str) -> None:
    found = Settings.model_validate({"database_url": url}).database_url
    assert found is not None
    assert found.get_secret_value() == url


def test_a_folder_may_be_named_from_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PRUNELLA_DATA_DIR", "~/prunella")
    assert load_settings().data_dir == tmp_path / "prunella"
    monkeypatch.setenv("PRUNELLA_DATA_DIR", "~nobody-we-know/prunella")
    with pytest.raises(SettingsError, match="write it in full"):
        load_settings()


def test_a_secret_out_of_a_file_loses_its_line_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRUNELLA_STRIPE_API_KEY", f"sk_test_{PASSWORD}\n")
    key = load_settings().stripe_api_key
    assert key is not None
    assert key.get_secret_value() == f"sk_test_{PASSWORD}"


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("sla.toml", '"24h"', '"banana"', "banana is no time. Write a number and m, h or d"),
        ("channels.toml", 'team = "support"', 'team = "sales"', "team has to be one of"),
        ("channels.toml", "[[address]]", "[[address", "Correct the line"),
        ("macros/solution.toml", "fix = ", "fxi = ", "{fix} is never filled in"),
        ("templates/solution.toml", "{fix}", "{nonsense}", "{nonsense} is never filled in"),
        ("templates/solution.toml", "paragraphs = [", "paragraphs = [7,", "a list of texts"),
        ("templates/de/outage.toml", "paragraphs =", "absatz =", "paragraphs is missing"),
        ("dunning.toml", "[quiet]", "[quite]\n[quiet]", "quite means nothing here"),
        ("messages/en.toml", "{amount}", "{amuont}", "{amuont} is never filled in"),
        ("messages/en.toml", "{amount}", "{amount", "cannot be read"),
        ("messages/en.toml", "\nbutton", "\n#", "missing: copy them from the shipped file"),
    ],
)
def test_content_that_is_wrong_is_told_with_its_file_before_anything_starts(
    content: Path, file: str, before: str, after: str, words: str
) -> None:
    change(content / file, before, after)
    with pytest.raises(ContentError) as told:
        must_be_usable(Settings(content_dir=content))
    assert f"{content / file}" in str(told.value)
    assert words in str(told.value)


def test_a_copy_in_which_nothing_was_changed_is_usable(content: Path) -> None:
    must_be_usable(Settings(content_dir=content))


def test_addresses_that_are_no_tables_are_told(content: Path) -> None:
    (content / "channels.toml").write_text('address = ["billing@tai.example"]\n')
    with pytest.raises(ContentError, match=r"channels\.toml: write \[\[address\]\] entries"):
        must_be_usable(Settings(content_dir=content))


def test_a_file_with_a_mark_in_front_is_read_as_it_is_meant(content: Path) -> None:
    sla = content / "sla.toml"
    sla.write_text(sla.read_text(), encoding="utf-8-sig")
    must_be_usable(Settings(content_dir=content))


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


def test_a_database_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"postgresql://u:{PASSWORD}@127.0.0.1:{taken.getsockname()[1]}/db"
        ended = prunella("migrate", env={"PRUNELLA_DATABASE_URL": url}, folder=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("The database cannot be reached: ")
    assert ended.stderr.count("\n") == 1
    assert PASSWORD not in ended.stderr


def test_a_word_that_the_database_does_not_know_is_told(tmp_path: Path) -> None:
    url = f"postgresql://u:{PASSWORD}@127.0.0.1/db?tea=1"
    ended = prunella("migrate", env={"PRUNELLA_DATABASE_URL": url}, folder=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr == (
        'PRUNELLA_DATABASE_URL cannot be read: invalid URI query parameter: "tea".'
        " Correct it, or leave that out.\n"
    )


def test_a_role_that_may_not_is_told_who_gives_it_its_rights() -> None:
    told = in_words(errors.InsufficientPrivilege("permission denied for table a\nLINE 1: select"))
    assert told is not None
    assert "permission denied for table a. Run `prunella migrate`" in told
    assert "LINE 1" not in told


def test_what_several_tasks_ended_of_is_told_once_and_a_bug_is_not_hidden() -> None:
    away = psycopg.OperationalError("the server closed the connection")
    both = ExceptionGroup("two", [away, psycopg.OperationalError(str(away))])
    assert in_words(both) == in_words(away)
    assert in_words(ExceptionGroup("two", [away, KeyError("a")])) is None


async def test_an_older_version_keeps_its_hands_off_a_newer_database(database_url: str) -> None:
    base = Database(url=database_url, migrate_url=database_url, ensure=None)
    await bring_up_to_date(base)
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        await conn.execute("insert into schema_migrations (name) values ('29991231_more.sql')")
    with pytest.raises(NewerDatabaseError, match=r"newer version of Prunella \(29991231_more"):
        await bring_up_to_date(base)


@pytest.mark.parametrize(
    ("words", "option"), [("serve --port", "--port"), ("demo --port", "--port")]
)
def test_a_port_that_is_taken_is_told_before_anything_starts(
    tmp_path: Path, words: str, option: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = prunella(*words.split(), port, env={}, folder=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} of 127.0.0.1 is taken: ")
    assert option in ended.stderr
    assert not (tmp_path / ".prunella").exists()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.touch()
    with pytest.raises(CannotWriteError, match="already, and stays"), writing(there):
        there.touch(exist_ok=False)
    nowhere = tmp_path / "no" / "where"
    with (
        pytest.raises(CannotWriteError, match="No such file or directory") as told,
        writing(nowhere),
    ):
        nowhere.touch()
    assert in_words(told.value) == str(told.value)


def test_a_host_of_somebody_else_is_told() -> None:
    with pytest.raises(CannotListenError, match=r"^192\.0\.2\.1 is no address of this machine"):
        must_be_free("192.0.2.1", 8000)


def test_statements_that_fall_with_another_are_no_news_and_lost_connections_are(
    tmp_path: Path,
) -> None:
    said = (
        "import logging; from prunella.cli.logs import configure_logs; configure_logs();"
        "logging.getLogger('psycopg').warning('pipeline aborted');"
        "logging.getLogger('psycopg.pool').warning('connection lost')"
    )
    done = subprocess.run(  # noqa: S603 our own words
        [sys.executable, "-c", said], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "pipeline aborted" not in done.stderr
    assert "connection lost" in done.stderr


def test_links_lead_to_the_port_that_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    here = "postgresql://here/db"
    settings, base = Settings(), Database(url=here, migrate_url=here, ensure=None)
    monkeypatch.delenv("PRUNELLA_PUBLIC_URL", raising=False)
    for child in children(settings, base, host="127.0.0.1", port=8123):
        assert (child.env or {})["PRUNELLA_PUBLIC_URL"] == "http://127.0.0.1:8123"
    monkeypatch.setenv("PRUNELLA_PUBLIC_URL", "https://pay.tai.example")
    for child in children(settings, base, host="127.0.0.1", port=8123):
        assert (child.env or {})["PRUNELLA_PUBLIC_URL"] == "https://pay.tai.example"


@pytest.mark.parametrize(
    "url",
    ["https://app.tai.example/entitlements", f"postgresql://us:{PASSWORD}@db.tai.example/app"],
)
def test_what_customers_may_use_is_asked_over_http_or_of_a_database(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PRUNELLA_SUBSCRIPTIONS_URL", url)
    if url.startswith("https"):
        assert not load_settings().subscriptions_in_database
        return
    with pytest.raises(SettingsError, match="set PRUNELLA_SUBSCRIPTIONS_QUERY") as told:
        load_settings()
    assert PASSWORD not in str(told.value)
    monkeypatch.setenv("PRUNELLA_SUBSCRIPTIONS_QUERY", "select 1 where %(customer)s <> ''")
    assert load_settings().subscriptions_in_database
    assert PASSWORD not in repr(load_settings())
