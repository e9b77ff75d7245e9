"""The command line. What a person can put right is said in words; the rest is a bug's trace."""

import sys

from prunella.audit import BadKeyError, ExportError, NothingSealedError, SigningKeyError
from prunella.audit.note import BadNoteError
from prunella.cli import (
    account,
    audit,
    backup,
    brake,
    company,
    doctor,
    keys,
    policy,
    serving,
    staff,
    standin,
)
from prunella.cli.account import NoTokenError
from prunella.cli.app import app
from prunella.cli.company import UnknownCustomerError
from prunella.cli.database import MigrationsPendingError
from prunella.cli.demo.run import DemoRunningError
from prunella.cli.staff import NobodyError
from prunella.connectors.stripe import StripeProblem
from prunella.diagnostics import WordingError
from prunella.kit.backup import BackupError
from prunella.kit.database import PostgresRefusal
from prunella.kit.migrate import MigrationError
from prunella.people.scopes import UnknownScopeError
from prunella.people.staff import BadMemberError, EmailTakenError
from prunella.people.teams import UnknownTeamError
from prunella.people.tokens import TokenNameError, UnknownRoleError
from prunella.settings import ContentError, SettingsError

__all__ = [
    "account",
    "audit",
    "backup",
    "brake",
    "company",
    "doctor",
    "keys",
    "main",
    "policy",
    "serving",
    "staff",
    "standin",
]

IN_WORDS = (
    BackupError,
    BadKeyError,
    BadMemberError,
    BadNoteError,
    ContentError,
    DemoRunningError,
    EmailTakenError,
    ExportError,
    MigrationError,
    MigrationsPendingError,
    NoTokenError,
    NobodyError,
    NothingSealedError,
    PostgresRefusal,
    SettingsError,
    SigningKeyError,
    StripeProblem,
    TokenNameError,
    UnknownCustomerError,
    UnknownRoleError,
    UnknownScopeError,
    UnknownTeamError,
    WordingError,
)


def main() -> None:
    try:
        app()
    except IN_WORDS as error:
        sys.stderr.write(f"{in_words(error)}\n")
        sys.exit(1)


def in_words(error: Exception) -> str:
    """Return the message; what was raised with a bare value says itself in its docstring."""
    message = str(error)
    return message if " " in message else f"{type(error).__doc__} {message}".strip()
