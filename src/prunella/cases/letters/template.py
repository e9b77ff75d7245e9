"""The mails that can be sent, and what may be filled in to each."""

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
_FINDING = frozenset({"title", "happened", "means", "todo", "button"})
_PLAN = _FINDING | {"cut_off", "stops"}
_NOTICE = frozenset({"unsubscribe"})
_RECEIPT = frozenset({"amount", "invoice"})
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
    "case_answered": frozenset({"number", "subject", "answer"}),
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
    "case_answered": frozenset({"answer"}),
}
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


def language_of(locale: str) -> str:
    """Return `de` of `de-AT` or `de_AT`."""
    return re.split("[-_]", locale, maxsplit=1)[0].lower() or SOURCE


def names_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
