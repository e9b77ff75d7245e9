"""A running installation: the outside world, the web and the worker as processes."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, LiteralString

import httpx
import jwt
import psycopg
import stripe
from tests.ports import HOST, free_port

from prunella.kit.clock import system_now

PATIENCE_S = 240.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 0.2
"""Between two looks, longer each time: who looks all the time slows what they wait for."""
UNFINISHED: tuple[LiteralString, ...] = (
    "select id, task_name, status, args, attempts, worker_id, scheduled_at from procrastinate_jobs",
    "select id, last_heartbeat, now() from procrastinate_workers",
    "select id, kind, state, attempts, error from actions order by id desc limit 3",
    "select id, fix, state, problem from fix_runs order by id desc limit 3",
    "select event_id, type, state, not_before, error from stripe_inbox where state <> 'done'",
    "select name, subject, due_at, dead, error from timers",
)


@dataclass
class Company:
    """Everything that a flow needs: start and kill processes, move time, look at both sides."""

    database_url: str
    folder: Path
    port: int = field(default_factory=free_port)
    stripe_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    lmtp_port: int = field(default_factory=free_port)
    """Where the worker takes mail; `mx.tai.example` is the mail server in front of it."""
    product_port: int = field(default_factory=free_port)
    """Where the company's own product may stand: another site than ours, to a browser."""
    webhook_secret: str = field(default_factory=lambda: f"whsec_{secrets.token_hex(16)}")
    jwt_secret: str = field(default_factory=lambda: secrets.token_hex(32))
    admin_token: str = field(default_factory=lambda: secrets.token_hex(16))
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))
    ensure_database: Callable[[], None] = lambda: None
    """Called from the main thread alone: the kernel ends Postgres with the thread that began it."""
    reviving: threading.Lock = field(default_factory=threading.Lock)
    own_system: bool = False
    """Whether the company's own system is asked what its customers may use."""
    is_supervised: bool = False
    """Whatever ends while one waits is started again; else its end is a failure."""

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def product_url(self) -> str:
        return f"http://localhost:{self.product_port}"

    @property
    def stripe_url(self) -> str:
        return f"http://{HOST}:{self.stripe_port}"

    @cached_property
    def stripe(self) -> stripe.StripeClient:
        return stripe.StripeClient("sk_test_journey", base_addresses={"api": self.stripe_url})

    def open(self) -> None:
        self.start("outside")
        self._wait_for(f"{self.stripe_url}/_sandbox/clock")
        self.stripe.v1.webhook_endpoints.create(
            {
                "url": f"{self.url}/webhooks/stripe",
                "enabled_events": ["*"],
                "metadata": {"sandbox_secret": self.webhook_secret},
            }
        )
        self.start("web")
        self.start("worker")
        self._wait_for(f"{self.url}/readyz")

    def close(self) -> None:
        for name in list(self.processes):
            self.kill(name)
        self.http.close()

    def start(self, name: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        argv = [sys.executable, "-m", "prunella", *self._command(name)]
        with log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 our own command
                argv, env=self._environment(), stdout=log, stderr=log, cwd=self.folder
            )

    def kill(self, name: str) -> None:
        """As `kill -9`: the process gets no chance to tidy up."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def revive(self) -> None:
        """Start again whatever ended, as a supervisor does."""
        with self.reviving:
            if threading.current_thread() is threading.main_thread():
                self.ensure_database()
            for name in self.ended():
                self.start(name)

    def advance(self, **amount: float) -> None:
        seconds = timedelta(**amount).total_seconds()
        self.outside("POST", "/_sandbox/clock", json={"advance_seconds": seconds})

    def outside(self, method: str, path: str, **request: Any) -> Any:
        answer = self.http.request(method, self.stripe_url + path, **request)
        return answer.raise_for_status().json()

    def letters(self) -> list[dict[str, Any]]:
        letters: list[dict[str, Any]] = self.outside("GET", "/_sandbox/mail")["data"]
        return letters

    def token(self, customer: str, **claims: Any) -> str:
        """Sign a customer in, as the company's own product does."""
        base = {"sub": customer, "exp": system_now() + timedelta(hours=1)}
        return jwt.encode({**base, **claims}, self.jwt_secret, algorithm="HS256")

    def diagnosis(self, customer: str) -> dict[str, Any]:
        answer = self.http.get(
            f"{self.url}/v1/customers/{customer}/diagnosis",
            headers={"Authorization": f"Bearer {self.admin_token}"},
            timeout=60,
        )
        diagnosis: dict[str, Any] = answer.raise_for_status().json()
        return diagnosis

    def rows(self, sql: LiteralString, *values: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as conn:
            return conn.execute(sql, values).fetchall()

    def until(self, holds: Callable[[], Any], *, what: str) -> Any:
        """Wait until `holds` gives something; an error of a process that is down counts as no."""
        ends = time.monotonic() + PATIENCE_S
        last: Exception | None = None
        pause_s = SHORTEST_PAUSE_S
        while time.monotonic() < ends and (self.is_supervised or not self.ended()):
            if self.is_supervised:
                self.revive()
            try:
                if found := holds():
                    return found
            except (httpx.HTTPError, psycopg.Error) as error:
                last = error
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        found = f"{self.logs()}\n{self.unfinished()}"
        message = f"{what} did not happen in {PATIENCE_S:.0f} s ({last!r})\n{found}"
        raise AssertionError(message)

    def ended(self) -> list[str]:
        return [
            name for name, process in list(self.processes.items()) if process.poll() is not None
        ]

    def logs(self) -> str:
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )

    def unfinished(self) -> str:
        """What still waits or stopped on the way, for whoever reads a failure."""
        try:
            found = [row for sql in UNFINISHED for row in self.rows(sql)]
        except psycopg.Error as error:
            return repr(error)
        return "--- unfinished\n" + "\n".join(str(row) for row in found)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ours beside the running processes, as an operator does."""
        return subprocess.run(  # noqa: S603 our own command
            [sys.executable, "-m", "prunella", *words],
            env=self._environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def _command(self, name: str) -> list[str]:
        if name == "outside":
            ports = ["--port", str(self.stripe_port), "--smtp-port", str(self.smtp_port)]
            return ["sandbox", *ports]
        return ["serve", "--only", name, "--port", str(self.port)]

    def _environment(self) -> dict[str, str]:
        others = {k: v for k, v in os.environ.items() if not k.startswith("PRUNELLA_")}
        own = {
            "PRUNELLA_SUBSCRIPTIONS_URL": f"{self.stripe_url}/entitlements",
            "PRUNELLA_SUBSCRIPTIONS_TOKEN": secrets.token_hex(16),
            "PRUNELLA_SUBSCRIPTIONS_WRITES": "true",
        }
        return (
            others
            | (own if self.own_system else {})
            | {
                "PRUNELLA_DATA_DIR": str(self.folder / "data"),
                "PRUNELLA_DATABASE_URL": self.database_url,
                "PRUNELLA_STRIPE_API_KEY": "sk_test_journey",
                "PRUNELLA_STRIPE_API_BASE": self.stripe_url,
                "PRUNELLA_STRIPE_REQUESTS_PER_S": "500",
                "PRUNELLA_STRIPE_WEBHOOK_SECRET": self.webhook_secret,
                "PRUNELLA_CUSTOMER_JWT_SECRET": self.jwt_secret,
                "PRUNELLA_ADMIN_TOKEN": self.admin_token,
                "PRUNELLA_EMBED_ORIGINS": self.product_url,
                "PRUNELLA_MAIL_SMTP_URL": f"smtp://{HOST}:{self.smtp_port}",
                "PRUNELLA_MAIL_LMTP_LISTEN": f"{HOST}:{self.lmtp_port}",
                "PRUNELLA_MAIL_AUTHSERV_ID": "mx.tai.example",
                "PRUNELLA_PUBLIC_URL": self.url,
                "PRUNELLA_CLOCK": "sandbox",
            }
        )

    def _wait_for(self, url: str) -> None:
        self.until(lambda: self.http.get(url).is_success, what=url)


@contextmanager
def company(database_url: str, folder: Path, *, own_system: bool = False) -> Iterator[Company]:
    running = Company(database_url=database_url, folder=folder, own_system=own_system)
    try:
        running.open()
        yield running
    finally:
        running.close()
