"""The command line. What a person can put right is said in words; the rest is a bug's trace."""

import sys

from prunella.cli import account, company, serving, standin
from prunella.cli.app import app
from prunella.cli.database import MigrationsPendingError
from prunella.cli.demo.run import DemoRunningError
from prunella.connectors.stripe import StripeProblem
from prunella.diagnostics import WordingError
from prunella.kit.database import PostgresRefusal
from prunella.kit.migrate import MigrationError
from prunella.settings import ContentError, SettingsError

__all__ = ["account", "company", "main", "serving", "standin"]

IN_WORDS = (
    ContentError,
    DemoRunningError,
    MigrationError,
    MigrationsPendingError,
    PostgresRefusal,
    SettingsError,
    StripeProblem,
    WordingError,
)


def main() -> None:
    try:
        app()
    except IN_WORDS as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
