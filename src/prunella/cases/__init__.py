"""What happened: contacts and their outcomes, cases, messages, and mail on its way out."""

from prunella.cases.about import (
    contact_about,
    has_been_told,
    on_paid,
    on_written_off,
    written_about,
)
from prunella.cases.case import CLOSE, Because, Case, CaseClosedError, Level, Severity, Status
from prunella.cases.choices import (
    Choice,
    UnknownChoiceError,
    choice_of,
    choose,
    unsubscribe_address,
    unsubscribe_headers,
    wants,
)
from prunella.cases.contact import (
    ASSUME,
    Contact,
    Outcome,
    assume_settled,
    find_open,
    open_contact,
    set_tier_costs,
)
from prunella.cases.contact import get as get_contact
from prunella.cases.frequency import (
    LetterRules,
    TooManyLettersError,
    letter_rules,
    may_write_at,
    set_letter_rules,
)
from prunella.cases.letters import Letter, Letters, language_of
from prunella.cases.letters import check as check_letters
from prunella.cases.message import EmptyTextError, Message, TextTooLongError
from prunella.cases.of_customer import SentLetter, cases_of, contacts_of, get_message, letters_of
from prunella.cases.opening import (
    OPEN,
    Page,
    close_solved,
    get_case,
    list_cases,
    messages_of,
    open_case,
)
from prunella.cases.outgoing import SEND, Outbox, Sending, unsent, write_mail
from prunella.cases.promise import promised_by
from prunella.cases.quiet import Quiet, after_quiet
from prunella.cases.tier import TIERS, Channel, Direction, Tier

__all__ = [
    "ASSUME",
    "CLOSE",
    "OPEN",
    "SEND",
    "TIERS",
    "Because",
    "Case",
    "CaseClosedError",
    "Channel",
    "Choice",
    "Contact",
    "Direction",
    "EmptyTextError",
    "Letter",
    "LetterRules",
    "Letters",
    "Level",
    "Message",
    "Outbox",
    "Outcome",
    "Page",
    "Quiet",
    "Sending",
    "SentLetter",
    "Severity",
    "Status",
    "TextTooLongError",
    "Tier",
    "TooManyLettersError",
    "UnknownChoiceError",
    "after_quiet",
    "assume_settled",
    "cases_of",
    "check_letters",
    "choice_of",
    "choose",
    "close_solved",
    "contact_about",
    "contacts_of",
    "find_open",
    "get_case",
    "get_contact",
    "get_message",
    "has_been_told",
    "language_of",
    "letter_rules",
    "letters_of",
    "list_cases",
    "may_write_at",
    "messages_of",
    "on_paid",
    "on_written_off",
    "open_case",
    "open_contact",
    "promised_by",
    "set_letter_rules",
    "set_tier_costs",
    "unsent",
    "unsubscribe_address",
    "unsubscribe_headers",
    "wants",
    "write_mail",
    "written_about",
]
