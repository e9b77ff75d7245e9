"""The web on real rooms."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.web.browsing import at_the_desk
from tests.web.company import ADMIN, Company, company


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url) as opened:
        yield opened


@pytest.fixture
async def desk(web: Company) -> httpx.AsyncClient:
    return await at_the_desk(web, ADMIN)
