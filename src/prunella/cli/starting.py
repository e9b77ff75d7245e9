"""A process starts: what is set and what the content says go into the audit log if they changed."""

import gc
from typing import Literal

from prunella import audit
from prunella.bootstrap import Rooms
from prunella.kit.actor import SYSTEM
from prunella.settings.fingerprint import fingerprints

Process = Literal["web", "worker"]


async def note_start(rooms: Rooms, process: Process) -> None:
    """Web and worker are set differently on purpose, so each is compared with its like."""
    content = rooms.content
    async with rooms.house.transaction(SYSTEM) as tx:
        known = fingerprints(rooms.settings)
        await audit.record_change(tx, "settings.changed", f"settings_{process}", known)
        read: audit.Values = {"digest": content.digest, "files": len(content.files)}
        await audit.record_change(tx, "content.changed", "content", read)


def settle_in() -> None:
    """What is loaded now stays: the collector need not look through it again, nor so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
