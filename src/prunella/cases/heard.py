"""When customers said something last, for pages that tell what comes next."""

from collections.abc import Sequence
from datetime import datetime

from prunella.cases import store_heard as store
from prunella.kit.house import Tx

MAX_CASES = 100


async def heard_last(tx: Tx, cases: Sequence[str]) -> dict[str, datetime]:
    """Return when the customer wrote last on each of these cases; never, and it is left out."""
    rows = await store.heard_last(tx, list(cases[:MAX_CASES]))
    return {row["case_id"]: row["at"] for row in rows}
