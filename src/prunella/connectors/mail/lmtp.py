"""Where a mail server on this machine or network delivers to us (LMTP, RFC 2033).

A mail is answered with 250 only once `receive` has come back: then it is committed. Anything else
is answered with 451, and the mail server keeps the mail and tries again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, AnyStr, Self
from weakref import WeakSet

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from prunella.connectors.mail.address import MAX_ADDRESS
from prunella.connectors.mail.errors import MailSettingError

log = structlog.get_logger()

MAX_BYTES = 50 * 1024 * 1024
MAX_RECIPIENTS = 50
MAX_LINE = 1024 * 1024
IDLE_S = 300.0
MAX_PORT = 65_535
IDENT = "Prunella LMTP"
"""Stands in the greeting."""

Receive = Callable[[bytes, str, Sequence[str]], Awaitable[None]]
"""Takes a raw mail, its envelope sender (empty for a report) and its recipients."""


class _Postman:
    """What aiosmtpd calls; it finds the hooks by these names."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self,
        _server: Any,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 too many recipients, the others in a mail of their own"
        envelope.rcpt_tos.append(address[:MAX_ADDRESS])
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        try:
            await self._receive(
                envelope.original_content or b"",
                (envelope.mail_from or "").strip("<>"),
                envelope.rcpt_tos,
            )
        except Exception:
            log.exception("mail not taken, the mail server keeps it")
            return "451 4.3.0 not stored, please try again"
        return "250 2.0.0 stored"


class _Lmtp(LMTP):
    """Answers the end of a mail once for each of its recipients, as LMTP wants."""

    line_length_limit = MAX_LINE
    answers = 1

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 aiosmtpd's name
        self.answers = max(1, len(self.envelope.rcpt_tos)) if self.envelope else 1
        try:
            await super().smtp_DATA(arg)
        finally:
            self.answers = 1

    async def push(self, status: AnyStr) -> None:
        begins = status[:3] in ("354", b"354")
        for _ in range(1 if begins else self.answers):
            await super().push(status)


class LmtpServer:
    """`async with LmtpServer(receive, "127.0.0.1:2003") as server:` listens on `server.port`."""

    def __init__(self, receive: Receive, listen: str) -> None:
        self._postman = _Postman(receive)
        self.host, self.port = parse_listen(listen)
        self._server: asyncio.Server | None = None
        self._conversations: WeakSet[Any] = WeakSet()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._answer, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up on everyone, and wait for no one: who was not answered keeps its mail."""
        if self._server is None:
            return
        self._server.close()
        for conversation in self._conversations:
            if conversation.transport is not None:
                conversation.transport.abort()

    def _answer(self) -> asyncio.Protocol:
        conversation: asyncio.Protocol = _Lmtp(
            self._postman,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname="prunella",
            ident=IDENT,
            timeout=IDLE_S,
        )
        self._conversations.add(conversation)
        return conversation


def parse_listen(listen: str) -> tuple[str, int]:
    """Read `host:port`. Raises MailSettingError."""
    host, colon, port = listen.rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) <= MAX_PORT):
        raise MailSettingError
    return host.strip("[]"), int(port)
