"""PostgreSQL ends under load and comes back: whatever was acknowledged is there, and there once.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

import contextlib
import os
import random
import secrets
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

import httpx
import psycopg
import pytest
from tests.faults.seeds import FULL
from tests.journeys.blows import Breakable, breakable, end_postgres
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, subscriber
from tests.mail.post import a_mail, hand_over
from tests.ports import HOST

from prunella.kit.clock import system_now
from prunella.kit.database import EmbeddedPostgres

pytestmark = pytest.mark.faults

RESTARTS = 50 if FULL else 2
PROGRAMS, MAIL_SERVERS = 3, 2
WAYS_TO_END = (signal.SIGKILL, signal.SIGINT)
A_MOMENT_S = 0.05


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Breakable]:
    with breakable(tmp_path) as opened:
        yield opened


@dataclass
class Load:
    """Programs and mail servers that each send the same until it is taken, then the next."""

    customer: Subscriber
    opened: dict[str, str] = field(default_factory=dict)
    """Subject and id of every case that was answered with 201."""
    mailed: set[str] = field(default_factory=set)
    """Message-ID of every mail that was answered with 250."""
    enough: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> Company:
        return self.customer.running

    @contextlib.contextmanager
    def going(self) -> Iterator[None]:
        senders = [self.call] * PROGRAMS + [self.write] * MAIL_SERVERS
        threads = [threading.Thread(target=self._go_on, args=(one,)) for one in senders]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.enough.set()
            for thread in threads:
                thread.join()

    def call(self) -> None:
        subject = f"Question {secrets.token_hex(8)}"
        body = {"customer": self.customer.id, "subject": subject, "text": "Why?"}
        token = f"Bearer {self.running.admin_token}"
        headers = {"authorization": token, "idempotency-key": subject}
        self._until_taken(lambda: self._called(body, headers))

    def write(self) -> None:
        mail = a_mail(subject=secrets.token_hex(8), sender=self.customer.email)
        mail.replace_header("Message-ID", f"<{secrets.token_hex(8)}@northbeck.example>")

        def given() -> bool:
            hand_over(self.running.lmtp_port, mail, self.customer.email)
            self.mailed.add(str(mail["Message-ID"]))
            return True

        self._until_taken(given)

    def wait_for_more(self, many: int) -> tuple[float, float]:
        """Seconds until a call and a mail was taken; whatever ended meanwhile is started again."""
        started = time.monotonic()
        return self._reach(self.opened, many, started), self._reach(self.mailed, many, started)

    def _reach(self, taken: Collection[str], more: int, started: float) -> float:
        enough = len(taken) + more
        self.running.until(lambda: len(taken) >= enough, what=f"{more} more are taken")
        return time.monotonic() - started

    def _called(self, body: dict[str, str], headers: dict[str, str]) -> bool:
        answer = httpx.post(f"{self.running.url}/v1/cases", json=body, headers=headers, timeout=60)
        if answer.status_code == httpx.codes.CREATED:
            self.opened[body["subject"]] = answer.json()["id"]
        return answer.status_code == httpx.codes.CREATED

    def _go_on(self, send: Callable[[], None]) -> None:
        while not self.enough.is_set():
            send()

    def _until_taken(self, taken: Callable[[], bool]) -> None:
        while not self.enough.is_set():
            with contextlib.suppress(OSError, smtplib.SMTPException, httpx.HTTPError):
                if taken():
                    return
            time.sleep(A_MOMENT_S)


def test_nothing_that_was_acknowledged_is_lost_when_postgres_restarts_under_load(
    installation: Breakable, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 draws a story, hides nothing
    running = installation.company
    customer = subscriber(running)
    running.until(lambda: customer.status() == "green", what="they are known")
    load, worker = Load(customer), running.processes["worker"]
    back: list[tuple[float, float]] = []
    with load.going():
        for _ in range(RESTARTS):
            load.wait_for_more(chance.randint(2, 8))
            installation.end_postgres(chance.choice(WAYS_TO_END))
            running.revive()
            back.append(load.wait_for_more(1))
    for many, what, took in zip(
        (len(load.opened), len(load.mailed)),
        ("calls", "mails"),
        zip(*back, strict=True),
        strict=True,
    ):
        print(f"{many} {what}, taken again after {min(took):.1f} to {max(took):.1f} s")  # noqa: T201 a figure to keep
    running.until(lambda: all_mail_is_taken(running), what="each mail is a case")
    running.until(lambda: every_letter_is_sent(running), what="each letter is sent")
    assert running.processes["worker"] is worker, "it outlives the database"
    everything_is_there_once(load)


def test_a_worker_that_keeps_its_own_postgres_starts_it_again_and_goes_on(tmp_path: Path) -> None:
    outside = {k: v for k, v in os.environ.items() if not k.startswith("PRUNELLA_")}
    data = {"PRUNELLA_DATA_DIR": str(tmp_path), "PRUNELLA_STRIPE_API_BASE": f"http://{HOST}:9"}
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "prunella", "serve", "--only", "worker"],
            env={**outside, **data},
            stderr=log,
            cwd=tmp_path,
        )
    try:
        first = until_it_beats(tmp_path, worker, after=system_now())
        end_postgres(tmp_path, signal.SIGKILL)
        assert until_it_beats(tmp_path, worker, after=system_now()) > first
    finally:
        worker.terminate()
        worker.wait()


def until_it_beats(folder: Path, worker: subprocess.Popen[bytes], *, after: datetime) -> datetime:
    """Wait until the worker says in its database that it lives."""
    url = EmbeddedPostgres(folder / "postgres").conninfo
    while worker.poll() is None:
        with contextlib.suppress(psycopg.Error), psycopg.connect(url) as conn:
            beat = conn.execute("select max(last_heartbeat) from procrastinate_workers").fetchone()
            if beat and beat[0] and beat[0] > after:
                return cast("datetime", beat[0])
        time.sleep(A_MOMENT_S)
    raise AssertionError((folder / "worker.log").read_text())


def all_mail_is_taken(running: Company) -> bool:
    return not running.rows("select 1 from mail_in where state <> 'done' limit 1")


def every_letter_is_sent(running: Company) -> bool:
    return not running.rows("select 1 from outbox where state <> 'sent' limit 1")


def everything_is_there_once(load: Load) -> None:
    found = load.running.rows("select id, subject from cases where channel = 'api'")
    assert {subject: case for case, subject in found}.items() >= load.opened.items()
    assert len(found) == len({subject for _, subject in found})
    mails = load.running.rows("select message_id, case_id from mail_in")
    assert {name for name, _ in mails} >= load.mailed
    assert len({case for _, case in mails if case}) == len(mails)
    letters = load.running.rows("select message_id from outbox")
    assert {letter["message_id"] for letter in load.running.letters()} == {of for (of,) in letters}
    assert len(set(letters)) == len(letters)
