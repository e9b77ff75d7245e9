"""What can go wrong with mail, and whether trying again can help."""


class MailError(Exception):
    """The message was not taken."""


class MailTransientError(MailError):
    """The mail server did not take the message this time. We try again by ourselves."""


class MailPermanentError(MailError):
    """The mail server will not take this message. Someone has to correct the address or text."""


class MailSettingError(ValueError):
    """PRUNELLA_MAIL_SMTP_URL cannot be used.

    It looks like smtp://user:password@host:587 or smtps://user:password@host.
    """
