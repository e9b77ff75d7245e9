"""What happened: contacts and their outcomes, cases, messages, mail on its way in and out."""

from prunella.cases import indexing, mail, notify, notify_mail, views
from prunella.cases.about import (
    contact_about,
    has_been_told,
    on_paid,
    on_written_off,
    written_about,
)
from prunella.cases.assignment import assign_next, drain, release_all
from prunella.cases.attachments import (
    Attachment,
    AttachmentError,
    File,
    FileTooLargeError,
    StoredFile,
    TooMuchAttachedError,
    attach,
    attachment,
    attachments_of,
    case_of_attachment,
    files_of,
)
from prunella.cases.attainment import Attainment, Batch, attainment, batches
from prunella.cases.case import Case
from prunella.cases.change import Change, Changed, TooManyCasesError, change, change_many
from prunella.cases.changing import (
    CLOSE,
    CLOSES_AFTER,
    WAKE,
    RootCauseNeededError,
    close_solved,
    wake,
)
from prunella.cases.choices import (
    Choice,
    UnknownChoiceError,
    choice_of,
    choose,
    unsubscribe_address,
    unsubscribe_headers,
    wants,
)
from prunella.cases.clocks import CLOCK, clocks_of, plan_for, promised_at
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
from prunella.cases.excerpt import Piece
from prunella.cases.filters import EVERY_STATUS, ME, NOBODY, Filter, Order
from prunella.cases.finding import Count, Page, counts, inbox, inbox_among, is_cursor
from prunella.cases.frequency import (
    LetterRules,
    TooManyLettersError,
    letter_rules,
    may_write_at,
    set_letter_rules,
)
from prunella.cases.heard import heard_last
from prunella.cases.history import Step, history_of
from prunella.cases.lateness import on_batch, on_clock
from prunella.cases.letters import Letter, Letters, language_of
from prunella.cases.letters import check as check_letters
from prunella.cases.macros import Filled, Macro, Macros, MacroValueError, UnknownMacroError
from prunella.cases.macros import check as check_macros
from prunella.cases.making import Begun
from prunella.cases.message import EmptyTextError, Message, TextTooLongError, titled
from prunella.cases.moving import (
    Link,
    LinkKind,
    NotAGuestError,
    NothingToSplitError,
    OtherCustomerError,
    SameCaseError,
)
from prunella.cases.of_customer import SentLetter, cases_of, contacts_of, get_message, letters_of
from prunella.cases.older import begin_clocks, close_later
from prunella.cases.opening import (
    Opened,
    begin_case,
    get_case,
    list_cases,
    messages_of,
    open_case,
)
from prunella.cases.outgoing import REPLIED, Outbox, send_message, write_mail
from prunella.cases.priority import Risk, priority_of
from prunella.cases.quiet import Quiet, after_quiet
from prunella.cases.record import (
    OPEN,
    SETTLED,
    Because,
    CaseClosedError,
    Kind,
    Level,
    Severity,
    Status,
)
from prunella.cases.search import ANYWHERE, excerpts, is_search_cursor, search
from prunella.cases.sending import (
    BadRecipientError,
    NotFailedError,
    Sending,
    bounced,
    outbox,
    send_again,
    sendings_of,
)
from prunella.cases.sla import Clocks, Due
from prunella.cases.sla import check as check_sla
from prunella.cases.sla_rules import BATCH, set_sla, sla_rules
from prunella.cases.store import CaseBusyError
from prunella.cases.tags import BadTagError
from prunella.cases.talking import BadCopyError
from prunella.cases.tier import TIERS, Channel, Direction, Tier
from prunella.cases.views import View, get_view, save_view, views_of
from prunella.cases.working import LEVELS, SnoozedPastError

__all__ = [
    "ANYWHERE",
    "ASSUME",
    "BATCH",
    "CLOCK",
    "CLOSE",
    "CLOSES_AFTER",
    "EVERY_STATUS",
    "LEVELS",
    "ME",
    "NOBODY",
    "OPEN",
    "REPLIED",
    "SETTLED",
    "TIERS",
    "WAKE",
    "Attachment",
    "AttachmentError",
    "Attainment",
    "BadCopyError",
    "BadRecipientError",
    "BadTagError",
    "Batch",
    "Because",
    "Begun",
    "Case",
    "CaseBusyError",
    "CaseClosedError",
    "Change",
    "Changed",
    "Channel",
    "Choice",
    "Clocks",
    "Contact",
    "Count",
    "Direction",
    "Due",
    "EmptyTextError",
    "File",
    "FileTooLargeError",
    "Filled",
    "Filter",
    "Kind",
    "Letter",
    "LetterRules",
    "Letters",
    "Level",
    "Link",
    "LinkKind",
    "Macro",
    "MacroValueError",
    "Macros",
    "Message",
    "NotAGuestError",
    "NotFailedError",
    "NothingToSplitError",
    "Opened",
    "Order",
    "OtherCustomerError",
    "Outbox",
    "Outcome",
    "Page",
    "Piece",
    "Quiet",
    "Risk",
    "RootCauseNeededError",
    "SameCaseError",
    "Sending",
    "SentLetter",
    "Severity",
    "SnoozedPastError",
    "Status",
    "Step",
    "StoredFile",
    "TextTooLongError",
    "Tier",
    "TooManyCasesError",
    "TooManyLettersError",
    "TooMuchAttachedError",
    "UnknownChoiceError",
    "UnknownMacroError",
    "View",
    "after_quiet",
    "assign_next",
    "assume_settled",
    "attach",
    "attachment",
    "attachments_of",
    "attainment",
    "batches",
    "begin_case",
    "begin_clocks",
    "bounced",
    "case_of_attachment",
    "cases_of",
    "change",
    "change_many",
    "check_letters",
    "check_macros",
    "check_sla",
    "choice_of",
    "choose",
    "clocks_of",
    "close_later",
    "close_solved",
    "contact_about",
    "contacts_of",
    "counts",
    "drain",
    "excerpts",
    "files_of",
    "find_open",
    "get_case",
    "get_contact",
    "get_message",
    "get_view",
    "has_been_told",
    "heard_last",
    "history_of",
    "inbox",
    "inbox_among",
    "indexing",
    "is_cursor",
    "is_search_cursor",
    "language_of",
    "letter_rules",
    "letters_of",
    "list_cases",
    "mail",
    "may_write_at",
    "messages_of",
    "notify",
    "notify_mail",
    "on_batch",
    "on_clock",
    "on_paid",
    "on_written_off",
    "open_case",
    "open_contact",
    "outbox",
    "plan_for",
    "priority_of",
    "promised_at",
    "release_all",
    "save_view",
    "search",
    "send_again",
    "send_message",
    "sendings_of",
    "set_letter_rules",
    "set_sla",
    "set_tier_costs",
    "sla_rules",
    "titled",
    "unsubscribe_address",
    "unsubscribe_headers",
    "views",
    "views_of",
    "wake",
    "wants",
    "write_mail",
    "written_about",
]
