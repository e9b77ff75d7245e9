"""Mail over SMTP."""

import asyncio
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from prunella.connectors.mail.address import domain_of
from prunella.connectors.mail.errors import MailError, MailPermanentError, MailTransientError
from prunella.connectors.mail.smtp_url import parse

TIMEOUT_S = 20.0
WHOLE_TIMEOUT_S = 60.0
MAX_WORDS = 200
_PERMANENT = 500
_WHOLE_IDS = SMTP_POLICY.clone(max_line_length=900, cte_type="7bit")


class SmtpMail:
    """Gives each message to the mail server at `url`, in a connection of its own."""

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._server = parse(url)
        self._timeout_s = timeout_s

    async def send(self, message: EmailMessage) -> None:
        """Return once the server has taken the message.

        Raises `MailTransientError` when trying again can help, also when it may have been taken
        and only the answer got lost; `MailPermanentError` when it cannot.
        """
        try:
            async with asyncio.timeout(WHOLE_TIMEOUT_S), self._client(str(message["From"])) as to:
                await _give(to, message)
        except (SMTPException, OSError) as error:
            raise _in_our_words(error) from error

    async def greet(self) -> None:
        """Connect, sign in and leave: whether the settings work. Raises as `send` does."""
        try:
            async with asyncio.timeout(WHOLE_TIMEOUT_S), self._client("prunella@localhost"):
                pass
        except (SMTPException, OSError) as error:
            raise _in_our_words(error) from error

    def _client(self, sender: str) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.start_tls,
            timeout=self._timeout_s,
            local_hostname=domain_of(sender),
        )


async def _give(to: SMTP, message: EmailMessage) -> None:
    """Send it to everyone it is addressed to; it is not sent unless its To was taken.

    Headers are not folded inside: a long Message-ID in References would be encoded, and lost to
    the program that threads by it.
    """
    data = message.as_bytes(policy=_WHOLE_IDS)
    first, *others = [one.addr_spec for one in _addressed(message)]
    sender = message["From"].addresses[0].addr_spec
    if not all(one.isascii() for one in (sender, first, *others)):
        await to.send_message(message)
        return
    refused, _ = await to.sendmail(sender, [first, *others], data)
    if first in refused:
        raise SMTPRecipientsRefused([SMTPRecipientRefused(*refused[first], first)])


def _addressed(message: EmailMessage) -> list[Address]:
    headers = [message["To"], message["Cc"]]
    return [one for header in headers if header is not None for one in header.addresses]


def _in_our_words(error: Exception) -> MailError:
    words = " ".join(str(error).split())[:MAX_WORDS] or type(error).__name__
    return MailPermanentError(words) if _is_final(error) else MailTransientError(words)


def _is_final(error: Exception) -> bool:
    """A 5xx about this message is final. One about us or our password is not: it gets mended."""
    match error:
        case SMTPRecipientsRefused():
            return all(refused.code >= _PERMANENT for refused in error.recipients)
        case SMTPAuthenticationError() | SMTPSenderRefused():
            return False
        case SMTPNotSupported():
            return True
        case SMTPResponseException():
            return not isinstance(error, OSError) and error.code >= _PERMANENT
    return False
