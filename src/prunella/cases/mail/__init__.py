"""Mail in: kept whole, taken in batches, led to its thread by our own Message-IDs alone."""

from prunella.cases.mail.acknowledging import may_acknowledge
from prunella.cases.mail.arriving import Arrivals
from prunella.cases.mail.by_hand import (
    Guessed,
    find_mail,
    guessed,
    look_into,
    settle_by_hand,
)
from prunella.cases.mail.facts import MailFacts, facts_of, html_of, thread_headers
from prunella.cases.mail.follow import Follower
from prunella.cases.mail.intake import (
    AS_A_CASE,
    MAX_RAW_BYTES,
    TOO_LARGE,
    Arrived,
    Handle,
    Letterbox,
    Settled,
    came_in,
    keep,
    raw_mail,
    take_batch,
    try_again,
)
from prunella.cases.mail.letting_go import let_go
from prunella.cases.mail.threads import Thread, genuine, join, message_id, people_of, thread_of

__all__ = [
    "AS_A_CASE",
    "MAX_RAW_BYTES",
    "TOO_LARGE",
    "Arrivals",
    "Arrived",
    "Follower",
    "Guessed",
    "Handle",
    "Letterbox",
    "MailFacts",
    "Settled",
    "Thread",
    "came_in",
    "facts_of",
    "find_mail",
    "genuine",
    "guessed",
    "html_of",
    "join",
    "keep",
    "let_go",
    "look_into",
    "may_acknowledge",
    "message_id",
    "people_of",
    "raw_mail",
    "settle_by_hand",
    "take_batch",
    "thread_headers",
    "thread_of",
    "try_again",
]
