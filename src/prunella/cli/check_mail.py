"""Mail in and out, in `doctor`: does every server answer, and is what is set enough."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator

from prunella.cli.check import Check
from prunella.connectors.mail import ImapFolder, MailError, SmtpMail
from prunella.connectors.mail.here import is_here
from prunella.connectors.mail.lmtp import IDENT, parse_listen
from prunella.settings import Settings

PATIENCE_S = 5
MADE_UP: str = Settings.model_fields["mail_from"].default
MAX_GREETING = 200


async def of_mail(settings: Settings) -> AsyncIterator[Check]:
    yield await _out(settings)
    if settings.mail_imap_url:
        yield await _folder(settings.mail_imap_url.get_secret_value())
    for check in of_ways_in(settings):
        yield check
    if settings.mail_lmtp_listen:
        for check in await asyncio.to_thread(list, _place(settings.mail_lmtp_listen)):
            yield check


def of_ways_in(settings: Settings) -> Iterator[Check]:
    """Judge what is set. Pure."""
    is_real = settings.mail_smtp_url and settings.clock == "system"
    if is_real and settings.mail_from == MADE_UP:
        words = f"PRUNELLA_MAIL_FROM is not set: letters come from {MADE_UP}, which is made up."
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


async def _out(settings: Settings) -> Check:
    if settings.mail_smtp_url is None:
        return Check("look", "PRUNELLA_MAIL_SMTP_URL is not set: letters wait until it is.")
    try:
        await SmtpMail(settings.mail_smtp_url.get_secret_value()).greet()
    except MailError as error:
        return Check("bad", f"The mail server of PRUNELLA_MAIL_SMTP_URL: {error}")
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


def _place(listen: str) -> Iterator[Check]:
    """Whether we can listen there, and who does now."""
    host, port = parse_listen(listen)
    if not _is_ours(host):
        words = f"{host} is no address of this machine: write one, such as 127.0.0.1:2003."
        yield Check("bad", f"PRUNELLA_MAIL_LMTP_LISTEN: {words}")
        return
    if not is_here(host):
        words = "listens beyond this machine, and LMTP asks nobody who they are: close it off."
        yield Check("look", f"PRUNELLA_MAIL_LMTP_LISTEN {words}")
    greeting = _greeting(host, port)
    if greeting is None:
        words = f"Nothing listens for mail at {listen} yet: the worker does once it runs."
        yield Check("look", words)
    elif IDENT in greeting:
        yield Check("fine", f"Mail is taken at {listen}.")
    else:
        words = f"another program listens at {listen}: choose another port, or end that program."
        yield Check("bad", f"PRUNELLA_MAIL_LMTP_LISTEN: {words}")


def _is_ours(host: str) -> bool:
    try:
        [(family, _, _, _, place), *_] = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
        with socket.socket(family, socket.SOCK_STREAM) as here:
            here.bind(place)
    except OSError:
        return False
    return True


def _greeting(host: str, port: int) -> str | None:
    """What is said to who calls; empty where nothing is said, None where nobody listens."""
    try:
        with socket.create_connection((host, port), timeout=PATIENCE_S) as calling:
            return _first_line(calling)
    except OSError:
        return None


def _first_line(calling: socket.socket) -> str:
    try:
        return calling.recv(MAX_GREETING).decode("ascii", "replace")
    except OSError:
        return ""
