"""A small HTTP client for webhooks: kept connections, one POST at a time on each.

Deliveries share the event loop with the API they report on, so each must cost little; a general
client took several times as long for this one kind of request.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from httptools import HttpParserError, HttpResponseParser

PORTS = {"http": 80, "https": 443}
CHUNK_BYTES = 65_536
MAX_RESPONSE_BYTES = 1_000_000


@dataclass(frozen=True)
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Wire:
    def __init__(self) -> None:
        self._idle: defaultdict[str, list[Connection]] = defaultdict(list)

    async def post(
        self, url: str, body: bytes, *, headers: dict[str, str], timeout_s: float
    ) -> int:
        """Send and return the status of the answer.

        Raises:
            OSError: no answer, in whatever way (a time-out included).
            ValueError: no address one could send to, or no HTTP that comes back.
        """
        target = urlsplit(url)
        if target.scheme not in PORTS or not target.hostname:
            message = f"cannot send to {url}"
            raise ValueError(message)
        async with asyncio.timeout(timeout_s):
            return await self._exchange(target, _request(target, body, headers))

    async def _exchange(self, target: SplitResult, request: bytes) -> int:
        connection = await self._connection(target)
        try:
            connection.writer.write(request)
            answer = await _answer(connection.reader)
        except BaseException:
            connection.writer.close()
            raise
        if answer.keeps_alive:
            self._idle[target.netloc].append(connection)
        else:
            connection.writer.close()
        return answer.status

    async def _connection(self, target: SplitResult) -> Connection:
        idle = self._idle[target.netloc]
        while idle:
            connection = idle.pop()
            if not connection.reader.at_eof():
                return connection
            connection.writer.close()
        tls = ssl.create_default_context() if target.scheme == "https" else None
        port = target.port or PORTS[target.scheme]
        return Connection(*await asyncio.open_connection(target.hostname, port, ssl=tls))

    async def close(self) -> None:
        kept = [connection.writer for idle in self._idle.values() for connection in idle]
        self._idle.clear()
        for writer in kept:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in kept), return_exceptions=True)


def _request(target: SplitResult, body: bytes, headers: dict[str, str]) -> bytes:
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {target.netloc.rpartition('@')[2]}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Answer:
    """What the parser has seen of a response so far."""

    def __init__(self) -> None:
        self.is_complete = False
        self.keeps_alive = False
        self.status = 0
        self._parser = HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            message = "not HTTP"
            raise ValueError(message) from error

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()

    def on_message_complete(self) -> None:
        self.is_complete = True
        self.keeps_alive = self._parser.should_keep_alive()


async def _answer(reader: asyncio.StreamReader) -> Answer:
    answer, received = Answer(), 0
    while not answer.is_complete:
        data = await reader.read(CHUNK_BYTES)
        received += len(data)
        if not data and answer.status:
            return answer  # a body without a length ends with the connection
        if not data or received > MAX_RESPONSE_BYTES:
            message = "the answer broke off"
            raise ConnectionError(message)
        answer.feed(data)
    return answer
