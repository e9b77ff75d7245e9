"""The processes of compose.yaml on one PostgreSQL, one worker killed over and over."""

from pathlib import Path

from tests.operations.living import dying_worker, live, settled
from tests.operations.topology import topology


def test_a_worker_dies_over_and_over_and_nothing_is_lost(database_url: str, tmp_path: Path) -> None:
    with topology(database_url, tmp_path) as running:
        with dying_worker(running, seed=1, pause_s=4.0) as killed:
            bills = live(running, customers=3)
        assert killed
        settled(running, bills)
