"""Whether a machine wrote it: such mail is never answered by a machine. Pure."""

from dataclasses import dataclass
from email.message import Message

from prunella.connectors.mail.reading.names import words_of


@dataclass(frozen=True, slots=True)
class Machine:
    """`header` says so. `quiet`: a person may have written it, only no machine shall answer."""

    header: str
    quiet: bool = False


def machine_of(message: Message, *, envelope_from: str | None) -> Machine | None:
    """Return why this mail must not be answered automatically; None when a person wrote it."""
    header = _speaks_for_itself(message, envelope_from)
    if header:
        return Machine(header)
    if any(word in {"bulk", "list"} for word in words_of(message, "Precedence")):
        return Machine("Precedence", quiet=True)
    if any(word != "none" for word in words_of(message, "X-Auto-Response-Suppress")):
        return Machine("X-Auto-Response-Suppress", quiet=True)
    if message.get("List-Id"):
        return Machine("List-Id", quiet=True)
    return None


def _speaks_for_itself(message: Message, envelope_from: str | None) -> str:
    checks = {
        "Auto-Submitted": any(_automatic(word) for word in words_of(message, "Auto-Submitted")),
        "X-Autoreply": any(word != "no" for word in words_of(message, "X-Autoreply")),
        "X-Autorespond": message.get("X-Autorespond") is not None,
        "Precedence": any(w in {"auto_reply", "junk"} for w in words_of(message, "Precedence")),
        "X-Loop": message.get("X-Loop") is not None,
        "Content-Type": message.get_content_type() == "multipart/report",
        "Return-Path": envelope_from == "" or "<>" in words_of(message, "Return-Path"),
    }
    return next((header for header, said in checks.items() if said), "")


def _automatic(word: str) -> bool:
    return word.partition(";")[0].strip() not in {"no", ""}
