"""What is known about a message because it came by mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from prunella.cases.mail import store, store_threads
from prunella.kit.house import Tx

MAX_MESSAGES = 500
MAX_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Who sent a message, and whether that is sure.

    `outcome` is one word: opened, threaded, stranger (it answered a thread that its sender does
    not belong to), spam, forwarded, machine. `mail` is the id of the mail as it came.
    """

    mail: str
    message: str
    sender: str
    sender_name: str
    cc: tuple[str, ...]
    verified: bool
    outcome: str
    has_html: bool


@dataclass(frozen=True, slots=True)
class ThreadHeaders:
    """What an answer refers to, oldest first, and the subject under which the customer wrote."""

    parents: tuple[str, ...]
    subject: str


async def facts_of(tx: Tx, messages: Sequence[str]) -> dict[str, MailFacts]:
    """Return what is known of those of these messages that came by mail."""
    rows = await store.of_messages(tx, messages[:MAX_MESSAGES])
    facts = [
        MailFacts(
            mail=row["id"],
            message=row["message"],
            sender=row["sender"],
            sender_name=row["sender_name"],
            cc=tuple(row["cc"]),
            verified=row["verified"],
            outcome=row["outcome"],
            has_html=row["has_html"],
        )
        for row in rows
    ]
    return {one.message: one for one in facts}


async def html_of(tx: Tx, message: str) -> str:
    """Return the HTML of a mail, made safe; empty where it had none."""
    row = await store.html_of(tx, message)
    return str(row["html"]) if row else ""


async def thread_headers(tx: Tx, case: str) -> ThreadHeaders:
    """Return what the next mail of this case refers to: theirs and ours, the newest last."""
    came = await store.newest_in(tx, case, MAX_REFERENCES)
    went = await store_threads.sent_ids(tx, case, MAX_REFERENCES)
    theirs = [row["message_id"] for row in came]
    newest = theirs[:1]
    chain = dict.fromkeys([*reversed(went), *reversed(theirs[1:]), *newest])
    subject = came[0]["subject"] if came else ""
    return ThreadHeaders(tuple(chain)[-MAX_REFERENCES:], subject)
