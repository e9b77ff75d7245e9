"""`prunella stop` and `prunella resume`, as they are typed."""

import asyncio
import os
import sys

from tests.operations.installation import Installation, installation

from prunella.actions import brake
from prunella.kit.actor import SYSTEM

PATIENCE_S = 120


async def run(database_url: str, *typed: str) -> str:
    """Type a command; returns what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "prunella",
        *typed,
        env=os.environ | {"PRUNELLA_DATABASE_URL": database_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(PATIENCE_S):
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def standing(installed: Installation) -> brake.Standing:
    async with installed.rooms.house.transaction(SYSTEM) as tx:
        return await brake.standing(tx)


async def test_one_command_stops_and_one_lets_it_go_on(database_url: str) -> None:
    async with installation(database_url) as installed:
        assert "Stopped" in await run(database_url, "stop", "--because", "Odd refunds.")
        pulled = (await standing(installed)).brake
        assert pulled
        assert (pulled.stopped_by.id, pulled.because) == ("operator", "Odd refunds.")
        assert "Held back just now: 0" in await run(database_url, "stop")
        assert "Going on" in await run(database_url, "resume")
        assert (await standing(installed)).brake is None
