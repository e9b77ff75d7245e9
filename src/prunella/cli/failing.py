"""What ended a command, in words, where a person can put it right; None where it is a bug."""

import psycopg
from psycopg import errors

from prunella.audit import BadKeyError, ExportError, NothingSealedError, SigningKeyError
from prunella.audit.note import BadNoteError
from prunella.cli.account import NoTokenError
from prunella.cli.company import UnknownCustomerError
from prunella.cli.database import MigrationsPendingError, NewerDatabaseError
from prunella.cli.demo.errors import DemoNotReadyError, DemoRunningError
from prunella.cli.listening import CannotListenError
from prunella.cli.staff import NobodyError
from prunella.cli.writing import CannotWriteError
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

_IN_WORDS = (
    BackupError,
    BadKeyError,
    BadMemberError,
    BadNoteError,
    CannotListenError,
    CannotWriteError,
    ContentError,
    DemoNotReadyError,
    DemoRunningError,
    EmailTakenError,
    ExportError,
    MigrationError,
    MigrationsPendingError,
    NewerDatabaseError,
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
_OF_DATABASE: dict[type[psycopg.Error], str] = {
    errors.InsufficientPrivilege: (
        "The database lets its role not do this: {why}. Run `prunella migrate` with"
        " PRUNELLA_MIGRATE_URL set to the role that owns the tables: it gives this one its rights."
    ),
    errors.ReadOnlySqlTransaction: (
        "The database can only be read: {why}. Point PRUNELLA_DATABASE_URL at one that takes"
        " changes, not at a standby."
    ),
    errors.DiskFull: "The database's disk is full: {why}. Make room; nothing was changed.",
    psycopg.OperationalError: (
        "The database cannot be reached: {why}. Does it run, and is PRUNELLA_DATABASE_URL right?"
    ),
}


def in_words(error: BaseException) -> str | None:
    """What was raised with a bare value says itself in its docstring."""
    if isinstance(error, BaseExceptionGroup):
        told = [in_words(one) for one in error.exceptions]
        return None if None in told else "\n".join(dict.fromkeys(filter(None, told)))
    for kind, words in _OF_DATABASE.items():
        if isinstance(error, kind):
            return words.format(why=_first_line(error))
    if not isinstance(error, _IN_WORDS):
        return None
    message = str(error)
    if " " in message:
        return message
    words = " ".join((type(error).__doc__ or "").split())
    return f"{message}: {words}" if message else words


def _first_line(error: psycopg.Error) -> str:
    """PostgreSQL's own words: the lines below them quote what was asked."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
