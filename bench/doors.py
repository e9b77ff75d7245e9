"""A small client for benchmarks: connections that stay open, one request after another on each."""

import asyncio
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
AT_ONCE = 32
PATIENCE_S = 120.0
FINE = (200, 201, 302, 303)


Door = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_LENGTH = re.compile(r"content-length: *([0-9]+)", re.IGNORECASE)
_CLOSES = re.compile(r"connection: *close", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it goes over the wire."""

    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def wire(self) -> bytes:
        method = "POST" if self.body else "GET"
        told = {"host": "bench", "content-length": str(len(self.body)), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return f"{method} {self.path} HTTP/1.1\r\n{head}\r\n".encode() + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    head: str
    body: bytes


def form(path: str, fields: Mapping[str, str], **headers: str) -> Asked:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    return Asked(path, urlencode(fields).encode(), kind | headers)


async def ask_all(asked: Iterable[Asked], *, ports: Sequence[int]) -> tuple[list[Answer], float]:
    """Send all of them, so many at once; gives the answers and the seconds that it took."""
    answers: list[Answer] = []
    waiting = iter(asked)
    started = time.perf_counter()
    doors = [_ask_each(waiting, answers, ports[n % len(ports)]) for n in range(AT_ONCE)]
    await asyncio.gather(*doors)
    return answers, time.perf_counter() - started


async def _ask_each(waiting: Iterator[Asked], answers: list[Answer], port: int) -> None:
    door: Door | None = None
    for one in waiting:
        door = door or await asyncio.open_connection(HOST, port)
        answer = await _ask(door, one)
        answers.append(answer)
        if _CLOSES.search(answer.head):
            door[1].close()
            door = None
    if door:
        door[1].close()


async def _ask(door: Door, asked: Asked) -> Answer:
    reader, writer = door
    writer.write(asked.wire)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    assert int(head.split(" ", 2)[1]) in FINE, (asked.path, head, body[:500])
    return Answer(head, body)


async def opened(port: int) -> None:
    """Wait until somebody listens."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    message = f"nobody listens on {port}"
    raise TimeoutError(message)
