"""django-helpdesk 2.6 in an environment of its own, served by gunicorn."""

import asyncio
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import psycopg
from bench.doors import HOST, Asked, ask_all, form, opened
from tests.ports import free_port

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "bench.lock"
HOME = ROOT / ".venv-bench"
PYTHON = HOME / "bin" / "python"
THREADS = 4
_CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_COOKIE = re.compile(r"csrftoken=([^;]+)")


class NotInstalledError(Exception):
    """django-helpdesk cannot be installed here, so these figures stand alone."""


@dataclass(frozen=True, slots=True)
class TheirDesk:
    """Their desk: requests that open a ticket, and how mail comes in."""

    database: str
    folder: Path
    ports: tuple[int, ...]
    queue: str
    token: str

    async def calls(self, count: int) -> list[Asked]:
        headers = {"content-type": "application/json", "authorization": f"Token {self.token}"}
        return [
            Asked("/api/tickets/", json.dumps(self._ticket(n)).encode(), headers)
            for n in range(count)
        ]

    async def forms(self, count: int) -> list[Asked]:
        """One form read for all: its token serves as long as its cookie."""
        (page,), _ = await ask_all([Asked("/tickets/submit/")], ports=self.ports)
        token, cookie = _CSRF.search(page.body), _COOKIE.search(page.head)
        assert token
        assert cookie
        fields = {
            "csrfmiddlewaretoken": token[1].decode(),
            "queue": self.queue,
            "priority": "3",
        }
        return [
            form(
                "/tickets/submit/",
                fields
                | {
                    "title": f"Question {n}",
                    "body": "Why is it more?",
                    "submitter_email": f"a{n}@north.example",
                },
                cookie=f"csrftoken={cookie[1]}",
            )
            for n in range(count)
        ]

    async def take_mail(self, mails: list[EmailMessage]) -> float:
        """Put them where their command looks, and take them all; its start-up does not count."""
        for number, mail in enumerate(mails):
            (self.folder / "mail" / f"{number}.eml").write_bytes(mail.as_bytes())
        return float(await _run(self.database, self.folder, "-m", "bench.helpdesk.take_mail"))

    def count(self) -> int:
        with psycopg.connect(self.database) as conn:
            row = conn.execute("select count(*) from helpdesk_ticket").fetchone()
        assert row
        return int(row[0])

    def _ticket(self, number: int) -> dict[str, object]:
        return {
            "queue": int(self.queue),
            "title": f"Question {number}",
            "description": "Why is it more?",
            "submitter_email": f"a{number}@north.example",
            "priority": 3,
        }


@asynccontextmanager
async def their_desk(database: str, folder: Path, *, workers: int) -> AsyncIterator[TheirDesk]:
    await asyncio.to_thread(install)
    (folder / "mail").mkdir(parents=True)
    told = await _run(database, folder, "-m", "bench.helpdesk.settle", str(folder / "mail"))
    queue, token = told.split()
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        PYTHON,
        *("-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", "--bind", f"{HOST}:{port}"),
        *("--workers", str(workers), "--threads", str(THREADS), "--keep-alive", "60"),
        *("--log-level", "error"),
        env=_environment(database, folder),
        cwd=ROOT,
    )
    try:
        await opened(port)
        yield TheirDesk(database, folder, (port,), queue, token)
    finally:
        server.terminate()
        await server.wait()


def install() -> None:
    """Make their environment, unless it is there already. Raises NotInstalledError."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    done = HOME / "ready"
    if done.exists() and done.read_text() == digest:
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)  # noqa: S603 our own
        subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)  # noqa: S603 our own
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotInstalledError from error
    done.write_text(digest)


async def _run(database: str, folder: Path, *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        PYTHON,
        *words,
        env=_environment(database, folder),
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, words
    return out.decode()


def _environment(database: str, folder: Path) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.helpdesk.settings",
        "HELPDESK_DATABASE": database,
        "HELPDESK_FOLDER": str(folder),
        "PYTHONPATH": str(ROOT),
    }
