"""A small mail server's side of LMTP: one mail after another on connections that stay open."""

import asyncio
from collections.abc import Iterable, Iterator

from bench.doors import HOST, Door

FINE = 300
"""Answers below it are a yes; to DATA alone the server says 354."""
GO_ON = 354


async def hand_over(
    mails: Iterable[bytes], *, port: int, at_once: int, sender: str, recipient: str
) -> None:
    """Hand mails over, so many at once; returns once each was taken. Lines end in CRLF."""
    waiting = iter(mails)
    doors = [_hand_each(waiting, port, (sender, recipient)) for _ in range(at_once)]
    await asyncio.gather(*doors)


async def _hand_each(waiting: Iterator[bytes], port: int, between: tuple[str, str]) -> None:
    door = await asyncio.open_connection(HOST, port)
    try:
        await _answer(door)
        await _say(door, b"LHLO bench")
        for raw in waiting:
            await _hand(door, raw, *between)
        await _say(door, b"QUIT")
    finally:
        door[1].close()


async def _hand(door: Door, raw: bytes, sender: str, recipient: str) -> None:
    await _say(door, f"MAIL FROM:<{sender}>".encode())
    await _say(door, f"RCPT TO:<{recipient}>".encode())
    assert await _say(door, b"DATA") == GO_ON
    await _say(door, _stuffed(raw) + b"\r\n.")


async def _say(door: Door, words: bytes) -> int:
    door[1].write(words + b"\r\n")
    return await _answer(door)


async def _answer(door: Door) -> int:
    """Return the number of an answer, whose last line has no hyphen after it."""
    line = await door[0].readline()
    while line[3:4] == b"-":
        line = await door[0].readline()
    code = int(line[:3])
    assert code < FINE or code == GO_ON, line
    return code


def _stuffed(raw: bytes) -> bytes:
    """A line that begins with a point gets another one, so that it does not end the mail."""
    return raw.removesuffix(b"\r\n").replace(b"\r\n.", b"\r\n..")
