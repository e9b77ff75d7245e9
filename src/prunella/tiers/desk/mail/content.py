"""What of a mail goes onto a case: its words within bounds, its files within theirs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from prunella.cases import File
from prunella.cases.attachments import MAX_FILE_BYTES, MAX_FILES, MAX_MESSAGE_BYTES
from prunella.cases.message import MAX_TEXT
from prunella.connectors.mail.reading import Incoming, Part

NO_SUBJECT = "(no subject)"
NO_TEXT = "(no text)"
CUT = "\n\n[It goes on in the original mail.]"
MAX_LEFT_OUT = 10


@dataclass(frozen=True, slots=True)
class Words:
    """What can be kept of a mail; what cannot is named at the end of the text."""

    subject: str
    text: str
    files: tuple[File, ...]


def words_of(mail: Incoming) -> Words:
    files, left_out = _within_limits(mail.files)
    text = mail.text.strip() or NO_TEXT
    tail = "".join(f"\n[Left out, too large: {name}]" for name in left_out[:MAX_LEFT_OUT])
    room = MAX_TEXT - len(tail) - len(CUT)
    kept = text if len(text) <= room else text[:room] + CUT
    return Words(mail.subject or NO_SUBJECT, kept + ("\n" + tail if tail else ""), files)


def _within_limits(parts: Sequence[Part]) -> tuple[tuple[File, ...], list[str]]:
    files: list[File] = []
    left_out: list[str] = []
    room = MAX_MESSAGE_BYTES
    for part in parts:
        size = len(part.data)
        if size > min(room, MAX_FILE_BYTES) or len(files) >= MAX_FILES:
            left_out.append(part.name[:100])
        else:
            files.append(File(part.name, part.type, part.data))
            room -= size
    return tuple(files), left_out
