"""A folder of a mailbox over IMAP: looked at, never changed. Nothing is marked, moved or deleted.

The client library is synchronous: each step runs in a thread and is bounded by a time-out.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from prunella.connectors.mail.errors import MailPermanentError, MailTransientError
from prunella.connectors.mail.imap_url import parse
from prunella.connectors.mail.imap_words import in_words

CONNECT_TIMEOUT_S = 20.0
READ_TIMEOUT_S = 60.0
UIDS_AT_ONCE = 20_000
"""Keeps the answer to a search below what the client library reads as one line."""
POLL_S = 20.0
IDLE_STEP_S = 15.0
T = TypeVar("T")


class MailRefusedError(MailPermanentError):
    """The mailbox does not let us in, or has no such folder. Correct PRUNELLA_MAIL_IMAP_URL."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a folder says of itself. Another `uidvalidity` is another folder."""

    uidvalidity: int
    uidnext: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail of a folder, before it is fetched; `size` in bytes."""

    uid: int
    size: int
    arrived_at: datetime


class ImapFolder:
    """The folder at `url`. `open` first; after an error `close`, then `open` again."""

    def __init__(self, url: str) -> None:
        self._server = parse(url)
        self._client: IMAPClient | None = None

    @property
    def name(self) -> str:
        return self._server.name

    async def open(self) -> Opened:
        """Connect and look into the folder, for reading only.

        Raises MailTransientError; MailRefusedError when nobody gets in by trying again.
        """
        return await self._run(self._open)

    async def uids(self, first: int, last: int) -> list[int]:
        """Return the UIDs from `first` to `last` that are there."""
        return await self._run(lambda client: _uids(client, first, last))

    async def listed(self, uids: Iterable[int]) -> list[Listed]:
        """Return size and arrival of these mails; those that are gone are left out."""
        wanted = sorted(uids)
        return await self._run(lambda client: _listed(client, wanted))

    async def raw(self, uid: int, *, head_only: bool = False) -> bytes | None:
        """Return a mail as it is, not marked as seen; None when it is gone."""
        return await self._run(lambda client: _raw(client, uid, head_only=head_only))

    async def wait(self) -> Opened:
        """Return when something may have come, and how the folder stands then."""
        return await self._run(self._wait)

    async def close(self) -> None:
        """Hang up. A step that still runs in its thread ends by this."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                await asyncio.to_thread(client.shutdown)

    async def _run(self, step: Callable[[IMAPClient], T]) -> T:
        try:
            return await asyncio.to_thread(self._with_client, step)
        except LoginError as error:
            raise MailRefusedError(in_words(error, self._server)) from None
        except (IMAPClientError, OSError, EOFError, ValueError) as error:
            raise MailTransientError(in_words(error, self._server)) from None

    def _with_client(self, step: Callable[[IMAPClient], T]) -> T:
        if self._client is None:
            self._client = self._connect()
        return step(self._client)

    def _connect(self) -> IMAPClient:
        server = self._server
        timeout = SocketTimeout(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        client = IMAPClient(server.host, server.port, ssl=server.tls, timeout=timeout)
        try:
            if server.start_tls:
                client.starttls()
            client.login(server.user, server.password)
        except BaseException:
            client.shutdown()
            raise
        client.normalise_times = False
        return client

    def _open(self, client: IMAPClient) -> Opened:
        if not client.folder_exists(self._server.folder):
            words = f"there is no folder {self._server.folder}. Correct what follows the host."
            raise MailRefusedError(words)
        return _opened(client.select_folder(self._server.folder, readonly=True))

    def _wait(self, client: IMAPClient) -> Opened:
        if client.has_capability("IDLE"):
            client.idle()
            client.idle_check(timeout=IDLE_STEP_S)
            client.idle_done()
        else:
            time.sleep(POLL_S)
        return _opened(client.select_folder(self._server.folder, readonly=True))


def _opened(said: dict[bytes, object]) -> Opened:
    return Opened(int(str(said[b"UIDVALIDITY"])), int(str(said.get(b"UIDNEXT", 0))))


def _uids(client: IMAPClient, first: int, last: int) -> list[int]:
    found: list[int] = []
    for start in range(max(first, 1), last + 1, UIDS_AT_ONCE):
        end = min(start + UIDS_AT_ONCE - 1, last)
        found += [uid for uid in client.search(["UID", f"{start}:{end}"]) if start <= uid <= end]
    return found


def _listed(client: IMAPClient, uids: list[int]) -> list[Listed]:
    if not uids:
        return []
    answers = client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
    return [
        Listed(uid, answers[uid][b"RFC822.SIZE"], answers[uid][b"INTERNALDATE"])
        for uid in uids
        if b"INTERNALDATE" in answers.get(uid, {})
    ]


def _raw(client: IMAPClient, uid: int, *, head_only: bool) -> bytes | None:
    part = "BODY.PEEK[HEADER]" if head_only else "BODY.PEEK[]"
    answer = client.fetch([uid], [part]).get(uid)
    if answer is None:
        return None
    data = answer.get(part.replace(".PEEK", "").encode())
    return data if isinstance(data, bytes) else None
