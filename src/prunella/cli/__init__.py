"""The command line. What a person can put right is said in words; the rest is a bug's trace."""

# ruff: noqa: F401, PLC0415 what is started again and again reads nothing of what others are made of

import sys

from prunella.cli.app import app

__all__ = ["main"]


def main() -> None:
    try:
        _bring(sys.argv[1] if len(sys.argv) > 1 else "")
        app()
    except Exception as error:
        from prunella.cli.failing import in_words

        if words := in_words(error):
            sys.stderr.write(f"{words}\n")
            sys.exit(1)
        raise


def _bring(command: str) -> None:
    """Hang the command on the app: the processes of an installation alone, others all together."""
    match command:
        case "serve":
            import prunella.cli.serving
        case "sandbox" | "demo-outside":
            import prunella.cli.outside
        case _:
            import prunella.cli.commands
