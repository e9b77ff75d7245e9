"""Whole flows on a running installation."""

from collections.abc import Iterator

import pytest
from psycopg.conninfo import conninfo_to_dict
from tests.conftest import TEMPLATE
from tests.journeys.company import Company, company

from prunella.kit.database import create_database, drop_database


@pytest.fixture(scope="module")
def running(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """One installation for all tests of a file; each has a customer of its own."""
    url = create_database(server, template=TEMPLATE)
    with company(url, tmp_path_factory.mktemp("company")) as opened:
        yield opened
    drop_database(server, name=str(conninfo_to_dict(url)["dbname"]))
