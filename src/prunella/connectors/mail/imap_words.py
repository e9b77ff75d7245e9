"""Why a mailbox cannot be read, in words that say what to do. Pure."""

import socket
import ssl

from imapclient.exceptions import LoginError

from prunella.connectors.mail.imap_url import Mailserver

MAX_WORDS = 200
WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "no machine is called {host}. Correct the host."),
    (ConnectionRefusedError, "nothing answers at {place}. Correct it, or start the server."),
    (TimeoutError, "{place} does not answer in time. Correct it, or open the way to it."),
    (ssl.SSLCertVerificationError, "its certificate is not good, or not {host}'s. ({said})"),
    (ssl.SSLError, "{place} does not speak TLS like this. Try imap+starttls://. ({said})"),
    (LoginError, "the name or the password is refused. Correct them. ({said})"),
)
"""The first that fits; what fits none says itself."""


def in_words(error: BaseException, server: Mailserver) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    said = said.replace(server.password, "…")[:MAX_WORDS]
    words = next((words for kind, words in WORDS if isinstance(error, kind)), "{said}")
    return words.format(host=server.host, place=f"{server.host}:{server.port}", said=said)
