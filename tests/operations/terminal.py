"""Commands as an operator types them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.journeys.company import Company


def prunella(
    *words: str, env: Mapping[str, str], folder: Path
) -> "subprocess.CompletedProcess[str]":
    """With these settings alone, whatever is set where the tests run."""
    others = {name: value for name, value in os.environ.items() if "PRUNELLA_" not in name}
    return subprocess.run(  # noqa: S603 our own command
        [sys.executable, "-m", "prunella", *words],
        env=others | dict(env),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def typed(running: Company, *words: str) -> str:
    """Type it where the company runs; what it said, once it went well."""
    done = prunella(*words, env=running._environment(), folder=running.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
