"""A process whose tasks do not all end when they should."""

import subprocess
import sys

import pytest

from prunella.kit.leaving import EXIT_CODE

PROGRAM = """
import asyncio, sys
from prunella.kit.leaving import leave_within

async def fall():
    raise OSError("the database went away")

async def stay(deaf):
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if not deaf:
                raise

async def work(deaf):
    async with asyncio.TaskGroup() as group:
        group.create_task(leave_within(0.2 if deaf else 60.0))
        group.create_task(stay(deaf))
        group.create_task(fall())

asyncio.run(work(sys.argv[1] == "deaf"))
"""


@pytest.mark.parametrize(
    ("others", "exit_code", "said"),
    [("polite", 1, "the database went away"), ("deaf", EXIT_CODE, "Could not stop within 0.2 s")],
)
def test_a_process_ends_once_a_task_failed_even_where_another_does_not(
    others: str, exit_code: int, said: str
) -> None:
    ran = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", PROGRAM, others],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == exit_code
    assert said in ran.stderr
