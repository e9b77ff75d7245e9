"""Mail in memory: keeps what it was given, refuses what it is told to refuse."""

from email.message import EmailMessage

from prunella.connectors.mail.errors import MailPermanentError, MailTransientError


class MemoryMail:
    """`taken` holds every message in order; a code set for an address answers as a server would.

    A code of 4xx is "not now", one of 5xx "never".
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, int] = {}

    async def send(self, message: EmailMessage) -> None:
        code = self.answers.get(str(message["To"]), 250)
        if code >= 500:  # noqa: PLR2004 SMTP's own border
            raise MailPermanentError(str(code))
        if code >= 400:  # noqa: PLR2004 SMTP's own border
            raise MailTransientError(str(code))
        self.taken.append(message)

    async def greet(self) -> None:
        """Always there."""
