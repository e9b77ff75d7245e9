"""The mails that can be sent, and what may be filled in to each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FOLDER = "templates"
LAYOUT = f"{FOLDER}/layout.html"
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

ALWAYS = frozenset({"company", "name"})
"""The company that runs Prunella, and the customer's name."""
_FINDING = frozenset({"title", "happened", "means", "todo", "button"})
KNOWN: Mapping[str, frozenset[str]] = {
    "payment_failed": _FINDING,
    "payment_action_required": _FINDING,
    "payment_link_expired": _FINDING,
    "payment_succeeded": frozenset({"amount", "invoice", "day"}),
    "case_answered": frozenset({"number", "subject", "answer"}),
}
NEEDED: Mapping[str, frozenset[str]] = {
    "payment_failed": frozenset({"happened", "todo", "button"}),
    "payment_action_required": frozenset({"happened", "todo", "button"}),
    "payment_link_expired": frozenset({"happened", "todo", "button"}),
    "payment_succeeded": frozenset({"amount"}),
    "case_answered": frozenset({"answer"}),
}
LAYOUT_NAMES = frozenset({"subject", "company", "paragraphs", "button", "link", "after"})


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


def file_of(name: str) -> str:
    return f"{FOLDER}/{name}.toml"


def names_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
