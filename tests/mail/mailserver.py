"""A real IMAP server (pymap) on loopback, as a process of its own; mail is put in over IMAP.

It keeps mail in memory: started again it is empty, and its folder has another UIDVALIDITY.
"""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from imapclient import IMAPClient

USER, PASSWORD = "billing", "a-secret-of-the-suite"
TRIES = 1200


@dataclass
class Mailserver:
    """The server, which a test may stop and start again."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    def start(self) -> None:
        pymap = str(Path(sys.executable).with_name("pymap"))
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--no-tls")
        user = ("dict", "--demo-user", USER, "--demo-password", PASSWORD)
        self.process = subprocess.Popen([pymap, *where, *user])  # noqa: S603 our own arguments
        for _ in range(TRIES):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.1)
        raise TimeoutError(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    @contextlib.contextmanager
    def client(self) -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=120) as client:
            client.login(USER, PASSWORD)
            yield client

    def put(
        self, mail: EmailMessage | bytes, *, seen: bool = False, at: datetime | None = None
    ) -> None:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with self.client() as client:
            client.append("INBOX", raw, flags=[b"\\Seen"] if seen else [], msg_time=at)

    def flags(self) -> list[tuple[bytes, ...]]:
        with self.client() as client:
            client.select_folder("INBOX", readonly=True)
            uids = client.search()
            found = client.get_flags(uids) if uids else {}
            return [tuple(flag for flag in found[uid] if flag != b"\\Recent") for uid in uids]
