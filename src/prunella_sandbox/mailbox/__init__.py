"""A mailbox that takes every letter over SMTP and keeps it in memory."""

from prunella_sandbox.mailbox.box import Mailbox
from prunella_sandbox.mailbox.letter import Letter
from prunella_sandbox.mailbox.routes import mail_routes
from prunella_sandbox.mailbox.smtp import MailServer

__all__ = ["Letter", "MailServer", "Mailbox", "mail_routes"]
