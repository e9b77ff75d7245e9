"""Mail that nobody could read, settled by a person: a case has it, or nothing is to be done."""

from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from prunella import audit
from prunella.cases.case import Case
from prunella.cases.mail import store
from prunella.cases.mail.intake import Letterbox
from prunella.kit.house import Tx

BY_HAND = "by_hand"
NOTHING = "nothing"
MAX_HEAD = 20_000
SUBJECT = "subject:"


@dataclass(frozen=True, slots=True)
class Guessed:
    """What a mail may say that is no mail to a program: words for a person to put right."""

    subject: str
    text: str


async def find_mail(tx: Tx, mail: str) -> Letterbox | None:
    row = await store.one(tx, mail)
    return Letterbox(**row) if row else None


async def look_into(tx: Tx, mail: str) -> bytes | None:
    """Return a mail as it came, for somebody who looks at it; that they did is audited."""
    raw = await store.raw_of(tx, mail)
    if raw is not None:
        await audit.record(tx, "mail.looked_into", mail)
    return raw


async def settle_by_hand(tx: Tx, mail: str, *, case: Case | None) -> bool:
    """Take a mail out of what is aside: `case` has it, or nothing is to be done about it.

    False: it is not aside. Where nothing was to be done it can be tried again later, as long as it
    is kept.
    """
    found = case.id if case else None
    if not await store.settle_by_hand(tx, mail, BY_HAND if case else NOTHING, found):
        return False
    await audit.record(tx, "mail.settled_by_hand", mail, after={"case": found})
    return True


def guessed(raw: bytes, *, most: int) -> Guessed:
    """Read what a person would: the line that begins with its subject, and what follows. Pure."""
    words = raw[: most + MAX_HEAD].decode("utf-8", "replace").replace("\r\n", "\n")
    shown = "".join(one for one in words if one.isprintable() or one in "\n\t")
    head, _, body = shown.partition("\n\n")
    lines = [one for one in head.splitlines() if one.lower().startswith(SUBJECT)]
    subject = lines[0][len(SUBJECT) :].strip() if lines else ""
    return Guessed(_decoded(subject), (body or head).strip()[:most])


def _decoded(words: str) -> str:
    try:
        return str(make_header(decode_header(words)))
    except (LookupError, ValueError, HeaderParseError):
        return words
