"""A server for one run of tests: quick, not durable, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prunella.kit.database.embedded import EmbeddedPostgres


@contextmanager
def throwaway_postgres() -> Iterator[EmbeddedPostgres]:
    """A running server in a temporary folder. Fresh databases: `create_database`."""
    folder = Path(tempfile.mkdtemp(prefix="prunella-test-"))
    postgres = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        postgres.attach_or_start()
        yield postgres
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
