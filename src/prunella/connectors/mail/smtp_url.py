"""Where the mail server is and how to speak to it, from one URL."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from prunella.connectors.mail.errors import MailSettingError
from prunella.connectors.mail.here import is_here

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
SUBMISSION_PORT = 587


@dataclass(frozen=True, slots=True)
class Server:
    """`tls`: from the first byte. `start_tls`: True asks for it, None takes it when offered."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls: bool
    start_tls: bool | None


def parse(url: str) -> Server:
    """Read `smtp://`, `smtp+starttls://` or `smtps://`. A password never travels in the clear.

    With a user and a plain `smtp://`, STARTTLS is required, except on this very machine.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MailSettingError from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise MailSettingError
    user = unquote(parts.username) if parts.username else None
    must = parts.scheme == "smtp+starttls" or (user and not is_here(parts.hostname))
    usual = SUBMISSION_PORT if user and parts.scheme == "smtp" else PORTS[parts.scheme]
    return Server(
        host=parts.hostname,
        port=port or usual,
        user=user,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "smtps",
        start_tls=False if parts.scheme == "smtps" else (True if must else None),
    )
