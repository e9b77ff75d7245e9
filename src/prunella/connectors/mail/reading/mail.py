"""A raw mail, understood once. Pure."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from prunella.connectors.mail.reading.authentication import is_aligned
from prunella.connectors.mail.reading.automatic import Machine, machine_of
from prunella.connectors.mail.reading.bounce import Bounce, bounce_of
from prunella.connectors.mail.reading.forwarded import Forwarded, forwarded_of
from prunella.connectors.mail.reading.names import Mailbox, ids_of, mailboxes, text_of, words_of
from prunella.connectors.mail.reading.outside import message_id_of
from prunella.connectors.mail.reading.parts import Part, body_of, check_parts
from prunella.connectors.mail.reading.plain import plain_of
from prunella.connectors.mail.safe_html import safe_html

_SPAM = ("yes", "true")
MAX_WORDS = 300


class UnreadableMailError(ValueError):
    """This mail cannot be read. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a mail says.

    `parents` are the Message-IDs that it answers, its own parent first. `aligned`: our mail server
    found that the domain of the sender stands behind it. `html` is safe to show.
    """

    message_id: str
    sender: Mailbox
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    subject: str
    text: str
    html: str
    files: tuple[Part, ...]
    parents: tuple[str, ...]
    aligned: bool
    spam: bool
    machine: Machine | None
    bounce: Bounce | None
    forwarded: Forwarded | None


def read(raw: bytes, *, envelope_from: str | None, authserv_id: str | None) -> Incoming:
    """Understand a mail. Raises UnreadableMailError, whatever is wrong with it."""
    try:
        return _read(raw, envelope_from, authserv_id)
    except UnreadableMailError:
        raise
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:MAX_WORDS]
        raise UnreadableMailError(words) from error


def _read(raw: bytes, envelope_from: str | None, authserv_id: str | None) -> Incoming:
    check_parts(raw)
    message = message_from_bytes(raw)
    senders = mailboxes(message, "From")
    if not senders:
        words = "It does not say who sent it: there is no usable From."
        raise UnreadableMailError(words)
    body = body_of(message)
    text = body.plain.strip() or plain_of(body.html)
    return Incoming(
        message_id=message_id_of(raw),
        sender=senders[0],
        to=mailboxes(message, "To", "Delivered-To", "X-Original-To"),
        cc=mailboxes(message, "Cc"),
        subject=text_of(message, "Subject"),
        text=text,
        html=safe_html(body.html) if body.html else "",
        files=body.files,
        parents=ids_of(message, "In-Reply-To", "References"),
        aligned=len(senders) == 1 and is_aligned(message, senders[0], authserv_id),
        spam=_is_spam(message),
        machine=machine_of(message, envelope_from=envelope_from),
        bounce=bounce_of(message),
        forwarded=forwarded_of(message, text),
    )


def _is_spam(message: Message) -> bool:
    said = [*words_of(message, "X-Spam-Flag"), *words_of(message, "X-Spam")]
    status = [word.partition(",")[0].strip() for word in words_of(message, "X-Spam-Status")]
    return any(word in _SPAM for word in [*said, *status])
