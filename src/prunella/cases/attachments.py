"""Files that hang on a message: kept whole, never shown, handed out as downloads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from prunella.cases import store_attachments as store
from prunella.cases.indexing import know_message
from prunella.kit.house import Tx

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_MESSAGE_BYTES = 25 * 1024 * 1024
MAX_FILES = 20
MAX_MESSAGES = 500
MAX_NAME = 120
ANY_TYPE = "application/octet-stream"
NO_NAME = "file"
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")
_NOT_IN_NAMES = re.compile(r"[\\/:*?\"<>|]")


class AttachmentError(ValueError):
    """This file cannot be kept."""


class FileTooLargeError(AttachmentError):
    """This file is larger than 10 MB. Send a link to it, or a smaller one."""


class TooMuchAttachedError(AttachmentError):
    """These files are together larger than 25 MB, or more than 20. Send them in two messages."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it comes: what it is called, its media type as its sender says, its bytes."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept; `size` in bytes."""

    id: str
    message: str
    name: str
    type: str
    size: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredFile(Attachment):
    """An attachment with its bytes, and whose it is.

    `hidden`: it hangs on a note among us, which no customer sees.
    """

    data: bytes
    customer: str
    case: str | None
    hidden: bool


async def attach(tx: Tx, message: str, files: Sequence[File]) -> list[Attachment]:
    """Keep files with a message, in the order given, which is that of their ids.

    Its case is found by what they are called, too.
    Raises AttachmentError; LookupError where there is no message.
    """
    if not files:
        return []
    held = await store.hold_message(tx, message)
    if held is None:
        raise LookupError(message)
    _check(files, await store.size_of(tx, message))
    ids = sorted(tx.new_id("att") for _ in files)
    kept = [await _keep(tx, name, message, file) for name, file in zip(ids, files, strict=True)]
    if held["case_id"]:
        await know_message(tx, held["case_id"], " ".join(one.name for one in kept))
    return kept


async def attachments_of(tx: Tx, messages: Sequence[str]) -> dict[str, list[Attachment]]:
    """Return what hangs on each of these messages; those without anything are left out."""
    found: dict[str, list[Attachment]] = {}
    for row in await store.of_messages(tx, messages[:MAX_MESSAGES], MAX_MESSAGES * MAX_FILES):
        found.setdefault(row["message"], []).append(Attachment(**row))
    return found


async def attachment(tx: Tx, name: str) -> StoredFile | None:
    row = await store.one(tx, name)
    if row is None:
        return None
    kept = {field: row[field] for field in Attachment.__slots__}
    return StoredFile(
        **kept,
        data=bytes(row["data"]),
        customer=row["customer"],
        case=row["case_id"],
        hidden=row["direction"] == "note",
    )


async def case_of_attachment(tx: Tx, name: str) -> str:
    """Return the case that a file hangs on; empty where there is none."""
    return await store.case_of(tx, name)


async def files_of(tx: Tx, message: str) -> list[File]:
    """Return the files of one message whole, to send them on."""
    rows = await store.data_of(tx, message, MAX_FILES)
    return [File(row["name"], row["type"], bytes(row["data"])) for row in rows]


def safe_name(name: str) -> str:
    """Return a name that is one on every machine and cannot lead out of a folder."""
    visible = "".join(c if c.isprintable() else " " for c in name)
    plain = " ".join(_NOT_IN_NAMES.sub(" ", visible).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if dot and len(plain) > MAX_NAME:
        plain = f"{stem[: MAX_NAME - len(ending[:10]) - 1]}.{ending[:10]}"
    return plain[:MAX_NAME] or NO_NAME


def _check(files: Sequence[File], kept: store.Row) -> None:
    if any(len(file.data) > MAX_FILE_BYTES for file in files):
        raise FileTooLargeError
    together = kept["bytes"] + sum(len(file.data) for file in files)
    if together > MAX_MESSAGE_BYTES or kept["files"] + len(files) > MAX_FILES:
        raise TooMuchAttachedError


async def _keep(tx: Tx, name: str, message: str, file: File) -> Attachment:
    said = file.type.partition(";")[0].strip().lower()
    kept = Attachment(
        id=name,
        message=message,
        name=safe_name(file.name),
        type=said if _TYPE.fullmatch(said) else ANY_TYPE,
        size=len(file.data),
        created_at=tx.now,
    )
    row = (kept.id, message, kept.name, kept.type, kept.size, file.data, kept.created_at)
    await store.add(tx, row)
    return kept
