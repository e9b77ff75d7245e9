"""Finds the processes that serve one data folder, by the mark in their title.

The number in `postmaster.pid` proves nothing: after a crash it may name a stranger, or a dead
process that nobody has buried. Other traces (a process's working directory) are hidden from root
in a container with the usual capabilities; titles are not.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def servers_of(mark: str, *, uid: int) -> set[int]:
    """Process ids of the postmaster and its backends, without those that are dead already."""
    listed = _from_proc(uid) if sys.platform == "linux" else _from_ps(uid)
    return {pid for pid, title in listed if mark in title and "postgres" in title}


def postmaster_of(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _from_proc(uid: int) -> Iterator[tuple[int, str]]:
    for process in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it may end while we look
            is_postgres = (process / "comm").read_text().strip() == "postgres"
            if is_postgres and process.stat().st_uid == uid:
                yield int(process.name), (process / "cmdline").read_text(errors="replace")


def _from_ps(uid: int) -> Iterator[tuple[int, str]]:
    listing = subprocess.run(
        ["/bin/ps", "-axww", "-o", "pid=,uid=,command="], check=True, capture_output=True, text=True
    )
    for line in listing.stdout.splitlines():
        pid, owner, title = [*line.split(maxsplit=2), ""][:3]
        if owner == str(uid):
            yield int(pid), title
