"""Mail on bad days: poison, machines that answer machines, and a worker that is killed.

Small numbers by default; PRUNELLA_FAULTS=full runs the full ones, PRUNELLA_SEED replays one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import smtplib
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from tests.conftest import TestClock
from tests.faults.seeds import FULL
from tests.mail.post import Post, a_mail, hand_over, post_office
from tests.ports import free_port

from prunella import cases, people
from prunella.cases.mail.intake import BATCH
from prunella.kit.actor import SYSTEM

pytestmark = pytest.mark.faults


@pytest.fixture
async def post(database_url: str, clock: TestClock) -> AsyncIterator[Post]:
    async with post_office(database_url, clock=clock) as opened:
        yield opened


async def keep(post: Post, mails: list[bytes]) -> list[str]:
    async with post.rooms.house.transaction(SYSTEM) as tx:
        return [
            await cases.mail.keep(tx, raw, source="lmtp", envelope_from="x@y.example")
            for raw in mails
        ]


async def test_poison_mail_is_put_aside_in_sight_and_holds_up_nothing(
    post: Post, seed: int
) -> None:
    """Line 15. The lag is counted in batches: the good ones take no more than they would alone."""
    count = 10_000 if FULL else 200
    rng = random.Random(seed)  # noqa: S311 draws a story, hides nothing
    bad = set(rng.sample(range(count), max(count // 100, 4)))
    poison = poisons(rng)
    mails = [next(poison) if n in bad else a_mail(f"Number {n}").as_bytes() for n in range(count)]
    names = await keep(post, mails)
    batches = 0
    while await post.rooms.take_mail():
        batches += 1
    assert batches <= -(-count // BATCH)
    async with post.rooms.house.transaction(SYSTEM) as tx:
        rows = await tx.all("select id, state, error, case_id from mail_in")
    aside = {row["id"] for row in rows if row["state"] == "aside"}
    assert aside == {names[n] for n in bad}
    assert all(row["error"] for row in rows if row["id"] in aside)
    assert sum(row["case_id"] is not None for row in rows) == count - len(bad)
    assert len(await post.letterbox("aside")) == min(len(aside), 200)


def poisons(rng: random.Random) -> Iterator[bytes]:
    kinds = [
        lambda: rng.randbytes(400),
        lambda: b"Subject: nobody %d\n\nHello" % rng.randrange(10**9),
        lambda: (
            b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
            + b"--b\n\n%d\n" % rng.randrange(10**9) * 500
        ),
        lambda: b"".join(
            b"Content-Type: multipart/mixed; boundary=%d\nFrom: a@b.example\n\n--%d\n" % (n, n)
            for n in range(1_500 + rng.randrange(500))
        ),
        lambda: b'From: @\xff, <>, "\nX: %d\n\n\0' % rng.randrange(10**9),
    ]
    while True:
        yield rng.choice(kinds)()


async def test_machines_that_always_answer_get_one_answer_a_thread_an_hour(
    post: Post, seed: int
) -> None:
    """Line 16. They say nowhere that they are machines, and many cut the thread."""
    threads, hours = (1_000, 4) if FULL else (12, 3)
    rng = random.Random(seed)  # noqa: S311 draws a story, hides nothing
    bots = [f"bot{n}@loop{n}.example" for n in range(threads)]
    async with post.rooms.house.transaction(SYSTEM) as tx:
        for bot in bots:
            await people.add_customer(tx, name=bot, email=bot)
    answered: dict[str, list[datetime]] = defaultdict(list)
    coming = [from_bot(bot, None, rng) for bot in bots]
    for _ in range(hours * 4):
        for _ in range(10):  # they answer each other until nobody does
            if not coming:
                break
            await keep(post, [one.as_bytes() for one in coming])
            before = len(post.out.taken)
            await post.take()
            new = post.out.taken[before:]
            for mail in new:
                answered[str(mail["To"])].append(post.clock.now())
            coming = [from_bot(str(mail["To"]), mail, rng) for mail in new]
        else:
            pytest.fail("They answer each other for ever.")
        post.clock.advance(minutes=15)
        coming = [from_bot(bot, None, rng) for bot in bots]  # and remind us, over and over
    assert set(answered) == set(bots)
    for times in answered.values():
        gaps = [after - before for before, after in pairwise(times)]
        assert all(gap >= timedelta(hours=1) for gap in gaps)


def from_bot(bot: str, answers: EmailMessage | None, rng: random.Random) -> EmailMessage:
    keeps = answers if answers is not None and rng.random() < 0.5 else None
    subject = rng.choice(["", "Re: ", "Automatic reply: ", "AW: Re: "]) + "Your ticket"
    return a_mail("Thank you for your mail.", subject=subject, sender=bot, answers=keeps)


async def test_a_sender_nobody_verified_gets_one_answer_a_day_whatever_they_write(
    post: Post, seed: int
) -> None:
    rng = random.Random(seed)  # noqa: S311 draws a story, hides nothing
    senders = [f"s{n}@flood.example" for n in range(100 if FULL else 5)]
    for hour in range(48):
        mails = [
            a_mail(subject=f"{rng.random()}", sender=one, aligned=rng.random() < 0.5)
            for one in rng.sample(senders, 3)
        ]
        await keep(post, [one.as_bytes() for one in mails])
        await post.take()
        post.clock.advance(hours=1)
        told = Counter(str(mail["To"]) for mail in post.out.taken)
        assert all(times <= hour // 24 + 1 for times in told.values())
    assert post.out.taken


class Worker:
    """The real worker in a process of its own, taking mail by LMTP until it is killed."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.port = free_port()
        self._env = {
            **os.environ,
            "PRUNELLA_DATABASE_URL": database_url,
            "PRUNELLA_DATA_DIR": str(home),
            "PRUNELLA_STRIPE_API_BASE": "http://127.0.0.1:9",
            "PRUNELLA_MAIL_LMTP_LISTEN": f"127.0.0.1:{self.port}",
            "PRUNELLA_MAIL_AUTHSERV_ID": "mx.tai.example",
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        argv = ("-m", "prunella", "serve", "--only", "worker")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *argv, env=self._env, stdout=subprocess.DEVNULL
        )

    async def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


async def test_no_mail_that_was_taken_is_lost_when_the_worker_is_killed(
    post: Post, database_url: str, tmp_path: Path, seed: int
) -> None:
    """250 is said once it is committed; each such mail is one case, whenever the worker died."""
    kills = 25 if FULL else 2
    rng = random.Random(seed)  # noqa: S311 draws a story, hides nothing
    await post.ada()
    worker = Worker(database_url, tmp_path)
    taken: set[str] = set()
    enough = asyncio.Event()
    giving = [asyncio.create_task(give(worker.port, taken, enough)) for _ in range(4)]
    try:
        await worker.start()
        for _ in range(kills):
            until = len(taken) + rng.randint(3, 25)
            await reached(partial(has, taken, until))
            await worker.kill()
            await worker.start()
        enough.set()
        await asyncio.gather(*giving)
        await everything_taken(post)
    finally:
        enough.set()
        await worker.kill()
    async with post.rooms.house.transaction(SYSTEM) as tx:
        rows = await tx.all("select message_id, case_id from mail_in")
        found = await tx.all("select count(*) as n from cases")
    assert taken <= {row["message_id"] for row in rows}
    opened = [row["case_id"] for row in rows]
    assert len(opened) == len(set(opened)) == found[0]["n"]


async def give(port: int, taken: set[str], enough: asyncio.Event) -> None:
    """Deliver one mail after another; who is not told 250 tries again with the same one."""
    mail = a_mail()
    while not enough.is_set():
        with contextlib.suppress(OSError, smtplib.SMTPException):
            await asyncio.to_thread(hand_over, port, mail, "ada@northbeck.example")
            taken.add(str(mail["Message-ID"]))
            mail = a_mail()
            continue
        await asyncio.sleep(0.05)


def has(taken: set[str], many: int) -> bool:
    return len(taken) >= many


async def reached(found: Callable[[], bool]) -> None:
    for _ in range(12_000):
        if found():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def everything_taken(post: Post) -> None:
    for _ in range(6_000):
        if not await post.letterbox("waiting"):
            return
        await asyncio.sleep(0.1)
    raise TimeoutError
