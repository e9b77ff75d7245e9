"""The web on real rooms."""

from collections.abc import AsyncIterator

import pytest
from tests.web.company import Company, company


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url) as opened:
        yield opened
