"""The rooms, for a command that runs once and ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prunella.bootstrap import Rooms, open_rooms
from prunella.cli.database import bring_up_to_date, database
from prunella.cli.logs import configure_logs
from prunella.settings import load_settings


@asynccontextmanager
async def rooms() -> AsyncIterator[Rooms]:
    settings = load_settings()
    configure_logs(quiet=True)
    with database(settings) as base:
        await bring_up_to_date(base)
        async with open_rooms(settings, base.url) as opened:
            yield opened
