"""How much memory the server takes for pages of tables."""

import psycopg
import pytest
from tests.kit.database.conftest import Crew

from prunella.kit.database.server_settings import (
    LEAST_MB,
    MOST_MB,
    buffers_mb,
    memory_there_is,
)

GB = 1 << 30


@pytest.mark.parametrize(
    ("memory", "megabytes"),
    [(0, LEAST_MB), (GB // 4, LEAST_MB), (GB, 256), (2 * GB, MOST_MB), (512 * GB, MOST_MB)],
)
def test_a_quarter_of_the_memory_within_bounds(memory: int, megabytes: int) -> None:
    assert buffers_mb(memory) == megabytes


def test_a_server_that_keeps_data_has_it(crew: Crew) -> None:
    with psycopg.connect(crew.start(crew.where / "postgres").conninfo) as conn:
        row = conn.execute("select pg_size_bytes(current_setting('shared_buffers'))").fetchone()
    assert row
    assert row[0] == buffers_mb(memory_there_is()) * (1 << 20)
