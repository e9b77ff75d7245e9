"""Cases accepted a second over API, form and mail, against django-helpdesk on the same PostgreSQL.

Both have as many web processes, the same client, and the same database server in one run. Our
two workers run beside, as always; their mail goes nowhere, and what comes to them lies ready in
a folder, for one command as theirs has to be, while ours comes over LMTP. A mail counts once its
case is committed.
"""

import os
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from bench.doors import AT_ONCE, ask_all
from bench.our_desk import BESIDE, OurDesk, address, our_desk
from bench.stage import postgres
from bench.their_desk import NotInstalledError, TheirDesk, their_desk
from tests.mail.post import a_mail

from prunella.kit.database import create_database

Desk = OurDesk | TheirDesk
ROUNDS = 3
WORKERS = os.cpu_count() or 4
OURS, THEIRS = 400, 100
"""Of each kind in each round: some seconds for either."""
WARM = 200
"""So many that every connection to the database knows the statements by then."""
WAYS = ("API", "form", "mail")
_numbers = count(1)


async def measure() -> list[str]:
    told = f"{WORKERS} web processes each, {AT_ONCE} connections"
    lines = [f"{told}; gunicorn for theirs, and {BESIDE} workers beside ours"]
    async with _desks() as (ours, theirs):
        desks = {"ours": (ours, OURS)} | ({"theirs": (theirs, THEIRS)} if theirs else {})
        if theirs is None:
            lines.append(str(NotInstalledError.__doc__))
        for way in WAYS:
            took = dict.fromkeys(desks, 0.0)
            for desk, _ in desks.values():
                await _taken(desk, way, WARM)
            for _ in range(ROUNDS):
                for name, (desk, many) in desks.items():
                    took[name] += await _taken(desk, way, many)
            rates = {name: ROUNDS * desks[name][1] / seconds for name, seconds in took.items()}
            lines.append(_told(way, rates))
    return lines


async def _taken(desk: Desk, way: str, many: int) -> float:
    """Seconds in which so many are accepted; each of them is there afterwards."""
    before = desk.count()
    if way == "mail":
        seconds = await desk.take_mail(list(_mails(many)))
    else:
        asked = await (desk.calls(many) if way == "API" else desk.forms(many))
        _, seconds = await ask_all(asked, ports=desk.ports)
    assert desk.count() == before + many
    return seconds


def _mails(many: int) -> Iterable[EmailMessage]:
    for _ in range(many):
        number = next(_numbers)
        sender = f"Ada <{address(number)}>"
        yield a_mail("Why is it more?", subject=f"Question {number}", sender=sender)


def _told(way: str, rates: dict[str, float]) -> str:
    ours = f"{way}: ours {rates['ours']:.0f}/s"
    if "theirs" not in rates:
        return ours
    return f"{ours}, theirs {rates['theirs']:.0f}/s: {rates['ours'] / rates['theirs']:.1f} x"


@asynccontextmanager
async def _desks() -> AsyncIterator[tuple[OurDesk, TheirDesk | None]]:
    with postgres() as url, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with AsyncExitStack() as stack:
            ours = await stack.enter_async_context(
                our_desk(url, Path(folder, "ours"), workers=WORKERS)
            )
            database = create_database(url, name="helpdesk")
            try:
                theirs = await stack.enter_async_context(
                    their_desk(database, Path(folder, "theirs"), workers=WORKERS)
                )
            except NotInstalledError:
                yield ours, None
            else:
                yield ours, theirs
