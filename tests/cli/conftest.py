"""The demo, once a file of tests."""

from collections.abc import Iterator

import pytest
from tests.cli.showing import Showing, showing


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Showing]:
    with showing(tmp_path_factory.mktemp("showing")) as running:
        yield running
