"""`kill -9` of one part of a running installation, at a moment of Flow 1, and its way back."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from tests.conftest import SCHEMA
from tests.journeys.company import Company, company
from tests.journeys.payer import Payer
from tests.journeys.subscriber import A_MONTH, Subscriber, subscriber

from prunella.kit.database import EmbeddedPostgres, create_database
from prunella.kit.migrate import migrate

Victim = Literal["web", "worker", "postgres"]
VICTIMS: tuple[Victim, ...] = ("web", "worker", "postgres")
SAVING, PAYING = "set_payment_method", "retry_payment"


@dataclass(frozen=True)
class Breakable:
    """An installation on a durable PostgreSQL of its own."""

    company: Company
    folder: Path

    def kill(self, victim: Victim) -> None:
        """Nobody gets a chance to tidy up. While the flow waits, what ended is started again."""
        if victim == "postgres":
            self.end_postgres(signal.SIGKILL)
            self.company.revive()
        else:
            self.company.kill(victim)
            self.company.start(victim)

    def end_postgres(self, how: signal.Signals) -> None:
        """SIGKILL is a crash; SIGINT asks it to end at once, as whoever restarts it does."""
        end_postgres(self.folder, how)


def end_postgres(folder: Path, how: signal.Signals) -> None:
    """End the server whose data stands below this folder, and wait until it is gone."""
    pid = int(next(folder.rglob("postmaster.pid")).read_text().split()[0])
    os.kill(pid, how)
    while _is_alive(pid):
        time.sleep(0.01)


@contextmanager
def breakable(folder: Path) -> Iterator[Breakable]:
    postgres = EmbeddedPostgres(folder / "postgres")
    url = create_database(postgres.attach_or_start(), name="breakable")
    asyncio.run(migrate(url, SCHEMA))
    (folder / "company").mkdir()
    try:
        with company(url, folder / "company") as opened:
            opened.is_supervised = True
            opened.ensure_database = postgres.ensure
            yield Breakable(opened, folder / "postgres")
    finally:
        postgres.stop()


def about_to_fail(running: Company) -> Subscriber:
    customer = subscriber(running)
    customer.bank_says("insufficient_funds")
    return customer


def heals(installation: Breakable, strike: Callable[[str, Subscriber], None]) -> None:
    """Flow 1 to its end; `strike` is told each step, and may kill. Nothing is lost or doubled."""
    running = installation.company
    customer = about_to_fail(running)
    strike("before", customer)
    running.advance(**A_MONTH)
    strike("event", customer)
    with httpx.Client(timeout=60) as browser:
        for step in Payer(customer, browser).steps():
            strike(step, customer)
            if step == "back":
                running.advance(minutes=6)
    customer.settled_once(customer.newest_invoice())


def stripe_hesitates(customer: Subscriber, kind: str, *, fault: str = "slow") -> None:
    """Stripe takes two seconds for this write, or does it and says nothing of use."""
    path = {SAVING: "/v1/subscriptions/", PAYING: "/pay"}[kind]
    trouble = {"kind": fault, "method": "POST", "path": path, "seconds": 2}
    customer.running.outside("POST", "/_sandbox/faults", json=trouble)


def while_sending(customer: Subscriber, kind: str, then: Callable[[], None]) -> threading.Thread:
    """Do something as soon as the worker is in the middle of this write."""

    def watch() -> None:
        customer.running.until(lambda: _is_sending(customer, kind), what=f"{kind} is on its way")
        then()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def _is_sending(customer: Subscriber, kind: str) -> bool:
    found = customer.running.rows(
        "select 1 from actions a join customers c on c.id = a.customer"
        " where c.stripe_customer = %s and a.kind = %s and a.submitted_at is not null",
        customer.id,
        kind,
    )
    return bool(found)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended while being read
        return False
    return state != "Z"
