"""Whole flows on a running installation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.company import Company, company


@pytest.fixture
def running(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with company(database_url, tmp_path) as opened:
        yield opened
