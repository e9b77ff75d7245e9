"""A backup of a company in mid-flow, restored elsewhere: it goes on where it was."""

import hashlib
import json
import secrets
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from tests.journeys.company import Company, company
from tests.journeys.subscriber import A_MONTH, refused, subscriber
from tests.operations.terminal import prunella, typed

from prunella.kit.backup import BackupError, back_up, restore, store
from prunella.kit.backup import errors as refusals
from prunella.kit.database import create_database
from prunella.kit.migrate import known, migrate
from prunella.settings import shipped


@contextmanager
def new_customers_all_the_time(running: Company) -> Iterator[list[str]]:
    """Stripe tells us of one after the other, until the block ends."""
    made: list[str] = []
    enough = threading.Event()

    def make() -> None:
        while not enough.is_set():
            made.append(running.stripe.v1.customers.create({"name": "Quick Fern"}).id)

    making = threading.Thread(target=make)
    making.start()
    try:
        running.until(lambda: len(made) > 3, what="the first customers")
        yield made
    finally:
        enough.set()
        making.join()


def inbox(running: Company) -> set[str]:
    return {row[0] for row in running.rows("select event_id from stripe_inbox")}


def moved_to(running: Company, url: str) -> None:
    """The old processes end, new ones begin on the other database."""
    running.kill("web")
    running.database_url = url
    running.start("web")
    running.until(lambda: httpx.get(f"{running.url}/readyz").is_success, what="ready again")


def test_a_company_goes_on_where_its_backup_left_it(server: str, tmp_path: Path) -> None:
    url, other = create_database(server), create_database(server)
    with company_on(url, tmp_path) as running:
        earlier, _ = refused(running)
        link = earlier.link()
        later = subscriber(running)
        later.bank_says("insufficient_funds")
        running.until(lambda: later.status() == "green", what="known to us")
        browser = httpx.Client(base_url=running.url, follow_redirects=True, timeout=120)
        assert browser.get("/billing", params={"token": running.token(later.id)}).is_success
        running.kill("worker")
        running.advance(**A_MONTH)
        file = str(tmp_path / "mid-flow.backup")
        with new_customers_all_the_time(running):
            acknowledged = inbox(running)
            said = typed(running, "backup", file)
        assert "only you may read it" in said
        assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
        after_it = running.stripe.v1.customers.create({"name": "Late Larch"}).id

        running.database_url = other
        assert "Restored" in typed(running, "restore", file)
        moved_to(running, other)
        assert acknowledged <= inbox(running)
        assert running.rows("select 1 from stripe_inbox where state = 'waiting'")
        running.start("worker")

        running.until(lambda: later.status() == "red", what="what waited is taken")
        assert later.letter()
        assert "there was not enough money" in browser.get("/billing").text
        browser.close()
        assert httpx.get(link, follow_redirects=True, timeout=120).status_code == 200
        later.bank_says("")
        pay_again(running, later.id, later.open_invoice())
        later.settled_once(running.stripe.v1.invoices.list({"customer": later.id}).data[0].id)

        typed(running, "sync")
        assert running.diagnosis(after_it)["customer"] == after_it


@contextmanager
def company_on(url: str, folder: Path) -> Iterator[Company]:
    env = {"PRUNELLA_DATABASE_URL": url, "PRUNELLA_DATA_DIR": str(folder / "data")}
    assert prunella("migrate", env=env, folder=folder).returncode == 0
    with company(url, folder) as running:
        yield running


def pay_again(running: Company, customer: str, invoice: str) -> None:
    answer = httpx.post(
        f"{running.url}/v1/customers/{customer}/fixes/retry_payment",
        headers={
            "Authorization": f"Bearer {running.token(customer)}",
            "Idempotency-Key": secrets.token_hex(8),
        },
        json={"target": invoice},
        timeout=120,
    )
    assert answer.is_success, answer.text


@pytest.fixture
def names() -> set[str]:
    return known(shipped("schema"))


def test_a_file_that_is_not_there_is_no_broken_backup(database_url: str, tmp_path: Path) -> None:
    nowhere = tmp_path / "no" / "where"
    with pytest.raises(refusals.NotReadError, match=r"Is this its name.* No such file or dir"):
        restore(database_url, nowhere, known=known(shipped("schema")))
    with pytest.raises(
        refusals.NotWrittenError, match=r"left behind\. No such file or dir"
    ) as told:
        back_up(database_url, nowhere)
    assert "partial" not in str(told.value)


def test_a_backup_never_overwrites_a_file(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("a diary")
    with pytest.raises(refusals.FileThereError):
        back_up(database_url, file)
    assert file.read_text() == "a diary"


def test_a_backup_that_fails_leaves_nothing_behind(server: str, tmp_path: Path) -> None:
    url = create_database(server)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("create table broken (n int)")
        conn.execute("create function no() returns int language sql as 'select 1/0'")
        conn.execute("create view schema_migrations as select no()::text as name")
    with pytest.raises((BackupError, psycopg.Error)):
        back_up(url, tmp_path / "never")
    assert not list(tmp_path.iterdir())


def test_a_full_database_is_not_touched(
    server: str, database_url: str, tmp_path: Path, names: set[str]
) -> None:
    file = tmp_path / "one"
    made = back_up(database_url, file)
    with pytest.raises(refusals.NotEmptyError):
        restore(database_url, file, known=names)
    assert restore(create_database(server), file, known=names) == made


@pytest.mark.parametrize("spoil", ["cut", "flipped", "text"])
def test_what_is_no_whole_backup_is_refused(
    server: str, database_url: str, tmp_path: Path, names: set[str], spoil: str
) -> None:
    file, empty = tmp_path / "one", create_database(server)
    back_up(database_url, file)
    whole = file.read_bytes()
    file.unlink()
    if spoil == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    if spoil == "flipped":
        middle = len(whole) // 2
        file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    if spoil == "text":
        file.write_text("select 1")
    with pytest.raises(refusals.NotBackupError):
        restore(empty, file, known=names)
    assert restored_nothing(empty)


def test_a_backup_of_a_newer_version_says_so(
    server: str, database_url: str, tmp_path: Path, names: set[str]
) -> None:
    file = tmp_path / "newer"
    back_up(database_url, file)
    with pytest.raises(refusals.NewerBackupError):
        restore(create_database(server), file, known=names - {"20261121000000_kit.sql"})


def test_a_dump_that_breaks_off_inside_leaves_the_database_empty(
    server: str, database_url: str, tmp_path: Path, names: set[str]
) -> None:
    """Its checksum is right: it was broken before it was written."""
    file, empty = tmp_path / "one", create_database(server)
    made = back_up(database_url, file)
    with zipfile.ZipFile(file) as archive:
        dumped = archive.read("database.dump")[: made.size_bytes - 200]
    broken = repacked(tmp_path / "broken", file, dumped)
    with pytest.raises(refusals.DumpFailedError):
        restore(empty, broken, known=names)
    assert restored_nothing(empty)


def repacked(target: Path, file: Path, dumped: bytes) -> Path:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest |= {"sha256": hashlib.sha256(dumped).hexdigest(), "size_bytes": len(dumped)}
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("database.dump", dumped)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target


async def test_an_older_backup_is_brought_to_this_shape(
    server: str, tmp_path: Path, names: set[str]
) -> None:
    older = tmp_path / "older"
    older.mkdir()
    first = min(shipped("schema").glob("*.sql"))
    (older / first.name).write_text(first.read_text())
    url, new = create_database(server), create_database(server)
    await migrate(url, older)
    back_up(url, tmp_path / "old.backup")
    restore(new, tmp_path / "old.backup", known=names)
    assert await migrate(new, shipped("schema"))


def restored_nothing(url: str) -> bool:
    with psycopg.connect(url) as conn:
        return store.is_empty(conn)
