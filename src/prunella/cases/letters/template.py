"""The mails that can be sent, the replies of cases, and what may be filled in to each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FOLDER = "templates"
LAYOUT = f"{FOLDER}/layout.html"
SOURCE = "en"
"""The language that every text exists in."""
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

ALWAYS = frozenset({"company", "name"})
"""The company that runs Prunella, and the customer's name."""
TO_STRANGERS = frozenset({"message_received"})
"""Letters to addresses that nobody verified: nothing that somebody typed, not even a name."""
_FINDING = frozenset({"title", "happened", "means", "todo", "button"})
_PLAN = _FINDING | {"cut_off", "stops"}
_NOTICE = frozenset({"unsubscribe"})
_RECEIPT = frozenset({"amount", "invoice"})
_MISTAKE = frozenset({"invoice", "billed", "right", "difference", "reason"})
KNOWN: Mapping[str, frozenset[str]] = {
    "payment_failed": _FINDING,
    "payment_action_required": _FINDING,
    "payment_link_expired": _FINDING,
    "payment_reminder": _PLAN,
    "payment_last": _PLAN,
    "payment_cut_off": _PLAN,
    "card_expiring": _NOTICE | {"card", "until"},
    "trial_ending": _NOTICE | {"day", "amount"},
    "bill_unusual": _NOTICE | {"day", "amount", "usual"},
    "payment_succeeded": frozenset({"amount", "invoice", "day"}),
    "money_back": _RECEIPT | {"card", "day"},
    "money_credited": _RECEIPT,
    "invoice_reduced": _RECEIPT,
    "invoice_withdrawn": _RECEIPT,
    "invoice_added": _RECEIPT,
    "plan_ends": frozenset({"day"}),
    "plan_ended": frozenset(),
    "case_answered": frozenset({"number", "subject", "answer"}),
    "case_received": frozenset({"number", "subject", "by"}),
    "case_merged": frozenset({"number", "subject", "into"}),
    "message_received": frozenset({"by"}),
    "outage": frozenset({"what", "since", "impact", "doing", "next"}),
    "invoice_undercharged": _MISTAKE,
    "invoice_overcharged": _MISTAKE,
    "usage_alert": _NOTICE | {"used", "limit", "what", "day"},
    "reengagement": _NOTICE | {"days"},
    "proactive_fix": frozenset({"noticed", "means", "fix"}),
    "staff_invited": frozenset(),
    "staff_set_up_again": frozenset(),
}
NEEDED: Mapping[str, frozenset[str]] = {
    "payment_failed": frozenset({"happened", "todo", "button"}),
    "payment_action_required": frozenset({"happened", "todo", "button"}),
    "payment_link_expired": frozenset({"happened", "todo", "button"}),
    "payment_reminder": frozenset({"happened", "todo", "button"}),
    "payment_last": frozenset({"happened", "todo", "button"}),
    "payment_cut_off": frozenset({"happened", "todo", "button", "cut_off"}),
    "card_expiring": frozenset({"card", "until", "unsubscribe"}),
    "trial_ending": frozenset({"day"}),
    "bill_unusual": frozenset({"amount", "usual", "unsubscribe"}),
    "payment_succeeded": frozenset({"amount"}),
    "money_back": frozenset({"amount", "card", "day"}),
    "money_credited": frozenset({"amount"}),
    "invoice_reduced": frozenset({"amount", "invoice"}),
    "invoice_withdrawn": frozenset({"invoice"}),
    "invoice_added": frozenset({"amount", "invoice"}),
    "plan_ends": frozenset({"day"}),
    "plan_ended": frozenset(),
    "case_answered": frozenset({"answer"}),
    "case_received": frozenset({"number", "by"}),
    "case_merged": frozenset({"number", "into"}),
    "message_received": frozenset({"by"}),
    "outage": frozenset({"what", "impact", "next"}),
    "invoice_undercharged": _MISTAKE,
    "invoice_overcharged": _MISTAKE,
    "usage_alert": frozenset({"used", "limit", "what", "unsubscribe"}),
    "reengagement": frozenset({"unsubscribe"}),
    "proactive_fix": frozenset({"noticed", "fix"}),
    "staff_invited": frozenset(),
    "staff_set_up_again": frozenset(),
}
REPLIES: Mapping[str, frozenset[str]] = {
    "initial_response": frozenset({"by"}),
    "solution": frozenset({"cause", "fix"}),
    "we_do_not_know": frozenset({"by"}),
    "churn": frozenset({"plan_of_ours", "by"}),
    "escalation": frozenset({"symptom", "tried", "steps", "impact"}),
}
"""What a person says on a case: paragraphs alone, and each of these places is needed."""
OF_THE_CASE = frozenset({"number", "subject", "by", "plan", "severity", "colleague"})
"""What every reply may say besides: the case fills it in."""
LAYOUT_NAMES = frozenset({"lang", "subject", "company", "paragraphs", "button", "link", "after"})


@dataclass(frozen=True, slots=True)
class Template:
    """The fields of one file in content/templates."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str
    after: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.subject, *self.paragraphs, self.button, *self.after)


def file_of(name: str, language: str = SOURCE) -> str:
    """Other languages than the first have a folder each, like templates/de."""
    return f"{FOLDER}/{name}.toml" if language == SOURCE else f"{FOLDER}/{language}/{name}.toml"


def is_file_of(file: str, name: str) -> bool:
    """Whether this is the file of a template, in whatever language."""
    folder, _, rest = file.partition("/")
    return folder == FOLDER and rest.count("/") <= 1 and rest.split("/")[-1] == f"{name}.toml"


def language_of(locale: str) -> str:
    """Return `de` of `de-AT` or `de_AT`."""
    return re.split("[-_]", locale, maxsplit=1)[0].lower() or SOURCE


def names_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
