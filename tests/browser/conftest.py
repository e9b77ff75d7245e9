"""Our pages in a real browser, served by a real server in this process."""

from collections.abc import AsyncIterator

import pytest
from tests.web.company import Company, company
from tests.web.serving import serving


@pytest.fixture
async def open_company(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url) as opened, serving(opened.app) as url:
        opened.url = url
        yield opened
