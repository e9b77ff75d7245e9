"""A row of the outbox as a mail. Pure."""

import re
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from prunella.cases.attachments import File
from prunella.cases.store_outbox import Row

_OURS = (
    *("from", "to", "cc", "bcc", "subject", "date", "message-id", "sender", "reply-to"),
    *("in-reply-to", "references"),
)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_ID = re.compile(r"<[!-;=?-~]{3,250}>")


class BadHeaderError(ValueError):
    """This header cannot be added to a mail."""


def composed(row: Row, *, sender: str, files: Sequence[File] = ()) -> EmailMessage:
    message = EmailMessage()
    message["From"] = row["sender"] or sender
    message["To"] = row["recipient"]
    if row["cc"]:
        message["Cc"] = ", ".join(row["cc"])
    message["Subject"] = row["subject"]
    message["Date"] = format_datetime(row["created_at"])
    message["Message-ID"] = row["message_id"]
    parents = [one for one in row["parents"] if _ID.fullmatch(one)]
    if parents:
        message["In-Reply-To"] = parents[-1]
        message["References"] = " ".join(parents)
    for name, value in row["headers"].items():
        message[name] = value
    message.set_content(row["text"])
    if row["html"]:
        message.add_alternative(row["html"], subtype="html")
    for file in files:
        kind, _, detail = file.type.partition("/")
        message.add_attachment(file.data, maintype=kind, subtype=detail, filename=file.name)
    return message


def checked(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in headers.items():
        if name.lower() in _OURS or not _HEADER.fullmatch(name) or not value.isprintable():
            raise BadHeaderError(name)
    return headers
