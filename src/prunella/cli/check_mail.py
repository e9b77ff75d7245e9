"""Mail in and out, in `doctor`: does every server answer, and is what is set enough."""

import socket
from collections.abc import AsyncIterator, Iterator
from email.utils import parseaddr

from prunella.cli.check import Check
from prunella.connectors.mail import ImapFolder, MailError, MailSettingError, SmtpMail, is_address
from prunella.connectors.mail.imap_url import is_here
from prunella.connectors.mail.lmtp import parse_listen
from prunella.settings import Settings


async def of_mail(settings: Settings) -> AsyncIterator[Check]:
    yield await _out(settings)
    if settings.mail_imap_url:
        yield await _folder(settings.mail_imap_url.get_secret_value())
    for check in of_ways_in(settings):
        yield check


def of_ways_in(settings: Settings) -> Iterator[Check]:
    """Judge what is set; only a port is tried."""
    if not is_address(parseaddr(settings.mail_from)[1]):
        words = "PRUNELLA_MAIL_FROM is no address: write it as `Name <billing@example.com>`."
        yield Check("bad", words)
    if not (settings.mail_imap_url or settings.mail_lmtp_listen):
        words = (
            "Neither PRUNELLA_MAIL_IMAP_URL nor PRUNELLA_MAIL_LMTP_LISTEN is set: customers cannot"
            " write to you by mail. See docs/mail.md."
        )
        yield Check("look", words)
        return
    if not settings.mail_authserv_id:
        words = (
            "PRUNELLA_MAIL_AUTHSERV_ID is not set: no sender is ever verified, and each gets at"
            " most one automatic answer a day. See docs/mail.md."
        )
        yield Check("look", words)
    if settings.mail_lmtp_listen:
        yield _place(settings.mail_lmtp_listen)


async def _out(settings: Settings) -> Check:
    if settings.mail_smtp_url is None:
        return Check("look", "PRUNELLA_MAIL_SMTP_URL is not set: letters wait until it is.")
    try:
        await SmtpMail(settings.mail_smtp_url.get_secret_value()).greet()
    except MailError as error:
        return Check("bad", f"The mail server of PRUNELLA_MAIL_SMTP_URL: {error}")
    except MailSettingError as error:
        return Check("bad", str(error) or str(MailSettingError.__doc__))
    return Check("fine", "The mail server answers.")


async def _folder(url: str) -> Check:
    folder = ImapFolder(url)
    try:
        await folder.open()
    except MailError as error:
        return Check("bad", f"The mailbox of PRUNELLA_MAIL_IMAP_URL: {error}")
    finally:
        await folder.close()
    return Check("fine", "The mailbox can be read.")


def _place(listen: str) -> Check:
    host, port = parse_listen(listen)
    if not is_here(host):
        words = "listens beyond this machine, and LMTP asks nobody who they are: close it off."
        return Check("look", f"PRUNELLA_MAIL_LMTP_LISTEN {words}")
    try:
        with socket.create_connection((host, port), timeout=5):
            return Check("fine", f"Something listens for mail at {listen}.")
    except OSError:
        words = f"Nothing listens for mail at {listen} yet: the worker does once it runs."
        return Check("look", words)
