"""A company that gets mail, on a database of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.conftest import TestClock
from tests.mail.mailserver import Mailserver
from tests.mail.post import Post, post_office
from tests.ports import free_port


@pytest.fixture
async def post(database_url: str, clock: TestClock) -> AsyncIterator[Post]:
    async with post_office(database_url, clock=clock) as opened:
        yield opened


@pytest.fixture
def mailserver() -> Iterator[Mailserver]:
    server = Mailserver(free_port())
    server.start()
    yield server
    server.stop()
