"""A process that has to leave and cannot: one task that swallows its cancellation holds up all.

Libraries lose cancellations now and then, above all where a connection breaks in that moment.
"""

import asyncio
import logging
import os
import threading

_log = logging.getLogger(__name__)
EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h: what a supervisor sees."""


async def leave_within(seconds: float) -> None:
    """Run beside other tasks in a TaskGroup; returns never.

    Cancelled, as it is when one of them fails, it gives the process that long to end by itself.
    """
    last_resort = threading.Timer(seconds, _end, [seconds])
    last_resort.daemon = True
    try:
        await asyncio.Event().wait()
    finally:
        last_resort.start()


def _end(seconds: float) -> None:
    _log.error(
        "Could not stop within %g s: ending at once; what is open is taken up again", seconds
    )
    os._exit(EXIT_CODE)
