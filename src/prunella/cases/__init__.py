"""What happened: contacts and their outcomes, cases, messages, and mail on its way out."""

from prunella.cases.case import Because, Case, CaseClosedError, Level, Severity, Status
from prunella.cases.contact import (
    Contact,
    Outcome,
    assume_settled,
    find_open,
    open_contact,
    set_tier_costs,
)
from prunella.cases.contact import get as get_contact
from prunella.cases.letters import Letter, Letters
from prunella.cases.letters import check as check_letters
from prunella.cases.message import EmptyTextError, Message, TextTooLongError
from prunella.cases.opening import (
    OPEN,
    Page,
    close_solved,
    get_case,
    list_cases,
    messages_of,
    open_case,
)
from prunella.cases.outgoing import Outbox, Sending, unsent, write_mail
from prunella.cases.promise import promised_by
from prunella.cases.tier import TIERS, Channel, Direction, Tier

__all__ = [
    "OPEN",
    "TIERS",
    "Because",
    "Case",
    "CaseClosedError",
    "Channel",
    "Contact",
    "Direction",
    "EmptyTextError",
    "Letter",
    "Letters",
    "Level",
    "Message",
    "Outbox",
    "Outcome",
    "Page",
    "Sending",
    "Severity",
    "Status",
    "TextTooLongError",
    "Tier",
    "assume_settled",
    "check_letters",
    "close_solved",
    "find_open",
    "get_case",
    "get_contact",
    "list_cases",
    "messages_of",
    "open_case",
    "open_contact",
    "promised_by",
    "set_tier_costs",
    "unsent",
    "write_mail",
]
