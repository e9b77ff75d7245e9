"""Our desk as an installation runs it: web processes, and two workers that also take the mail."""

import asyncio
import contextlib
import json
import os
import re
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import psycopg
from bench.doors import HOST, Asked, ask_all, form, opened
from bench.lmtp import hand_over
from tests.mail.post import SERVER, US
from tests.ports import free_port

from prunella import people
from prunella.bootstrap import open_rooms
from prunella.kit.actor import SYSTEM
from prunella.kit.migrate import migrate
from prunella.settings import Settings, shipped

CUSTOMERS = 200
AT_ONCE = 8
BESIDE = 2
"""Workers: one that takes the place of another is what an installation has anyway."""
SENDER = "ada@north.example"
AN_EXTRA_MOMENT_S = 2.2
"""A form that is sent back sooner was not read by a person."""
_FORM = re.compile(rb'name="form" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class OurDesk:
    """Requests that open a case, and how mail comes in."""

    database: str
    ports: tuple[int, ...]
    lmtp_port: int
    token: str
    customers: tuple[str, ...]

    async def calls(self, count: int) -> list[Asked]:
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        return [
            Asked("/v1/cases", json.dumps(self._case(n)).encode(), headers) for n in range(count)
        ]

    async def forms(self, count: int) -> list[Asked]:
        """Read a form for each: the same one again would be the same case."""
        pages, _ = await ask_all([Asked("/contact")] * count, ports=self.ports)
        await asyncio.sleep(AN_EXTRA_MOMENT_S)
        tokens = [found[1].decode() for page in pages if (found := _FORM.search(page.body))]
        assert len(tokens) == count
        return [
            form(
                "/contact",
                {
                    "form": token,
                    "say": "Why is it more?",
                    "email": f"a{n}{token[-6:]}@north.example",
                },
            )
            for n, token in enumerate(tokens)
        ]

    async def take_mail(self, mails: list[EmailMessage]) -> float:
        """Hand them over, and wait until each is a case; gives the seconds it took."""
        raw = [mail.as_bytes().replace(b"\n", b"\r\n") for mail in mails]
        before, started = self.count(), time.perf_counter()
        await hand_over(raw, port=self.lmtp_port, at_once=AT_ONCE, sender=SENDER, recipient=US)
        with psycopg.connect(self.database, autocommit=True) as conn:
            while _count(conn) < before + len(mails):  # noqa: ASYNC110 another process does it
                await asyncio.sleep(0.05)
        return time.perf_counter() - started

    def count(self) -> int:
        with psycopg.connect(self.database) as conn:
            return _count(conn)

    def _case(self, number: int) -> dict[str, str]:
        customer = self.customers[number % len(self.customers)]
        subject = f"Question {number} {secrets.token_hex(3)}"
        return {"customer": customer, "subject": subject, "text": "Why is it more?"}


def _count(conn: psycopg.Connection[tuple[int]]) -> int:
    row = conn.execute("select count(*) from cases").fetchone()
    assert row
    return int(row[0])


@asynccontextmanager
async def our_desk(database: str, folder: Path, *, workers: int) -> AsyncIterator[OurDesk]:
    await migrate(database, shipped("schema"))
    token, known = await _company(database)
    ports, lmtp_port = tuple(free_port() for _ in range(workers)), free_port()
    env = os.environ | {
        "PRUNELLA_DATABASE_URL": database,
        "PRUNELLA_DATA_DIR": str(folder),
        "PRUNELLA_CLOCK": "system",
        "PRUNELLA_STRIPE_API_BASE": f"http://{HOST}:9",
        "PRUNELLA_MAIL_AUTHSERV_ID": SERVER,
        "PRUNELLA_MAIL_LMTP_LISTEN": f"{HOST}:{lmtp_port}",
        **dict.fromkeys(_RATES, "0"),
    }
    async with AsyncExitStack() as stack:
        for port in ports:
            await stack.enter_async_context(_serving(env, "web", "--port", str(port)))
        for _ in range(BESIDE):
            await stack.enter_async_context(_serving(env, "worker"))
        for port in (*ports, lmtp_port):
            await opened(port)
        yield OurDesk(database, ports, lmtp_port, token, known)


_RATES = (
    "PRUNELLA_RATE_PER_TOKEN",
    "PRUNELLA_RATE_PER_ADDRESS",
    "PRUNELLA_RATE_CONTACT",
    "PRUNELLA_RATE_WRONG_SIGN_INS",
)


async def _company(database: str) -> tuple[str, tuple[str, ...]]:
    async with open_rooms(Settings(), database) as rooms, rooms.house.transaction(SYSTEM) as tx:
        token = await people.tokens.create(tx, name="bench", role="admin")
        added = [
            await people.add_customer(tx, name=f"North {n}", email=address(n))
            for n in range(CUSTOMERS)
        ]
    return token, tuple(one.id for one in added)


def address(number: int) -> str:
    return f"ada{number % CUSTOMERS}@north.example"


@asynccontextmanager
async def _serving(env: dict[str, str], only: str, *words: str) -> AsyncIterator[None]:
    argv = ("-m", "prunella", "serve", "--only", only, *words)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *argv,
        env=env,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
