"""What one macro does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prunella.cases.record import Kind, Level, Severity, Status
from prunella.people import Team


class UnknownMacroError(LookupError):
    """There is no macro of this name. The list of macros says which there are."""


class MacroValueError(ValueError):
    """What this macro asks for was not filled in, or is too long. The list says what it asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """One file of content/macros.

    `reply` and `note` are templates, empty where it says nothing; `asks` is what whoever uses it
    fills in: the name of a place, and the label of its field. `to_me`: they take the case.
    """

    name: str
    title: str
    reply: str = ""
    note: str = ""
    status: Status | None = None
    severity: Severity | None = None
    kind: Kind | None = None
    team: Team | None = None
    level: Level | None = None
    to_me: bool = False
    tags: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    asks: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, str | list[str]]:
        """What it changes, as the API and the desk tell it."""
        given = {
            "status": self.status,
            "severity": self.severity,
            "kind": self.kind,
            "team": self.team,
            "level": self.level,
            "tags": list(self.tags),
            "untag": list(self.untag),
        }
        return {name: value for name, value in given.items() if value}
