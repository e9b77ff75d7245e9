"""The SMTP side: takes letters on a port of its own."""

from __future__ import annotations

import asyncio
from typing import Any, Self
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session

from prunella_sandbox.mailbox.box import Mailbox

MAX_BYTES = 10 * 1024 * 1024


class _Postman:
    """What aiosmtpd calls; it finds the hook by this name."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(  # noqa: N802 - named by aiosmtpd
        self,
        server: Any,
        session: Session,  # noqa: ARG002 - aiosmtpd passes it
        envelope: Envelope,
    ) -> str:
        fault = self._mailbox.take_fault()
        if fault is not None and fault.kind == "refuse":
            return f"{fault.code} refused on demand"
        self._mailbox.receive(
            sender=envelope.mail_from or "",
            recipients=list(envelope.rcpt_tos),
            raw=envelope.original_content or b"",
        )
        if fault is not None:
            server.transport.abort()
        return "250 OK"


class MailServer:
    """`async with MailServer(mailbox, port=0) as server:` listens on `server.port`."""

    def __init__(self, mailbox: Mailbox, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._postman = _Postman(mailbox)
        self._host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._conversations: WeakSet[Any] = WeakSet()

    @property
    def url(self) -> str:
        return f"smtp://{self._host}:{self.port}"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._answer, self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everyone: a sender that keeps its connection must not hold up the end."""
        if self._server is None:
            return
        self._server.close()
        for conversation in self._conversations:
            if conversation.transport is not None:
                conversation.transport.abort()
        await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _answer(self) -> asyncio.Protocol:
        conversation: asyncio.Protocol = SMTP(
            self._postman,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname="mailbox.example",
        )
        self._conversations.add(conversation)
        return conversation
