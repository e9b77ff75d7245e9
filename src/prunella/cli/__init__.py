"""The command line. What a person can put right is said in words; the rest is a bug's trace."""

import sys

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
from prunella.cli.app import app
from prunella.cli.failing import in_words

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


def main() -> None:
    try:
        app()
    except Exception as error:
        if words := in_words(error):
            sys.stderr.write(f"{words}\n")
            sys.exit(1)
        raise
