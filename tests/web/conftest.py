"""The web on real rooms."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.web.browsing import ask_for_a_person, at_the_desk
from tests.web.company import ADMIN, Company, company


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url) as opened:
        yield opened


@pytest.fixture
async def case(web: Company) -> str:
    """Somebody asked for a person; gives where the desk shows it."""
    page = await ask_for_a_person(web, "We changed banks.")
    return page.url.path.replace("/billing", "/desk")


@pytest.fixture
async def desk(web: Company) -> httpx.AsyncClient:
    return await at_the_desk(web, ADMIN)
