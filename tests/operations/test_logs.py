"""What the processes say, and how often."""

import subprocess
import sys

PROGRAM = """
import logging
from prunella.cli.logs import configure_logs
configure_logs()
lost, other = logging.getLogger("psycopg.pool"), logging.getLogger("prunella.elsewhere")
for number in range(3):
    lost.warning("error connecting in %r: %s", "pool-1", f"refused {number}")
    other.warning("seen %d", number)
"""


def test_that_the_database_cannot_be_reached_is_said_once_and_all_else_each_time() -> None:
    ran = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=240, check=True
    )
    assert ran.stderr.count("error connecting") == 1
    assert "refused 0" in ran.stderr
    assert ran.stderr.count("seen") == 3
