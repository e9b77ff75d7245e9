"""Whether our own mail server says that the sender's domain stands behind a mail. Pure.

Only a header of our own server counts, and only its topmost one: whoever writes to us can put such
headers in, and the server takes away those that carry its name before it adds its own.
"""

import re
from email.message import Message

from prunella.connectors.mail.reading.names import Mailbox, values_of

_COMMENT = re.compile(r"\([^()]*\)")
_PASS = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE)
_FROM = re.compile(r"\bheader\.from\s*=\s*\"?@?([^\s;\"]+)", re.IGNORECASE)


def is_aligned(message: Message, sender: Mailbox, authserv_id: str | None) -> bool:
    """Whether DMARC passed for the domain of `sender`, as `authserv_id` found."""
    if not authserv_id or len(values_of(message, "From")) != 1:
        return False
    ours = [found for found in _results(message) if found[0] == authserv_id.lower()]
    if not ours:
        return False
    domain = sender.address.rpartition("@")[2]
    return any(_passes(result, domain) for result in ours[0][1])


def _results(message: Message) -> list[tuple[str, list[str]]]:
    found = []
    for value in values_of(message, "Authentication-Results"):
        name, *results = _COMMENT.sub(" ", " ".join(value.split())).split(";")
        found.append(((name.split() or [""])[0].lower(), results))
    return found


def _passes(result: str, domain: str) -> bool:
    if not _PASS.search(result):
        return False
    about = _FROM.search(result)
    return about is not None and about[1].lower().strip(".") == domain
