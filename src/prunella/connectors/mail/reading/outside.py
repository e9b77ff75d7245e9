"""What is needed of a mail before anyone has understood it: by which name it is known. Pure."""

import hashlib
import re

MAX_HEAD = 256 * 1024
_FOLDED_ID = re.compile(
    rb"^message-id[ \t]*:[ \t]*(?:\r?\n[ \t]+)*(<[^<>\r\n]{3,250}>)", re.IGNORECASE | re.MULTILINE
)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def message_id_of(raw: bytes) -> str:
    """Return the Message-ID of the head, or a name made from the bytes where it has none."""
    head = _END_OF_HEAD.split(raw[:MAX_HEAD], maxsplit=1)[0]
    found = _FOLDED_ID.search(head)
    if found:
        return found[1].decode("utf-8", "replace").replace("\0", "")
    return f"<{hashlib.sha256(raw).hexdigest()}@without-id.invalid>"


def body_hash_of(raw: bytes) -> bytes:
    """Return what tells two mails of one Message-ID apart, however they came here."""
    parts = _END_OF_HEAD.split(raw, maxsplit=1)
    body = parts[1] if len(parts) > 1 else b""
    return hashlib.sha256(body.replace(b"\r\n", b"\n").strip()).digest()
