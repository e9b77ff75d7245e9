"""Where the mailbox is and how to get in, from one URL."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from prunella.connectors.mail.errors import MailSettingError
from prunella.connectors.mail.here import is_here

PORTS = {"imap": 143, "imap+starttls": 143, "imaps": 993}
INBOX = "INBOX"


@dataclass(frozen=True, slots=True)
class Mailserver:
    """`tls`: from the first byte; `start_tls`: after the greeting."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    tls: bool
    start_tls: bool

    @property
    def name(self) -> str:
        """What this folder is called where we keep what was seen of it."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def parse(url: str) -> Mailserver:
    """Read `imaps://user:password@host/FOLDER`. A password never travels in the clear.

    With a plain `imap://`, STARTTLS is required, except on this very machine.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MailSettingError from None
    if parts.scheme not in PORTS or not (parts.hostname and parts.username and parts.password):
        raise MailSettingError
    secure = parts.scheme == "imap+starttls" or not is_here(parts.hostname)
    return Mailserver(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or INBOX,
        tls=parts.scheme == "imaps",
        start_tls=parts.scheme != "imaps" and secure,
    )
