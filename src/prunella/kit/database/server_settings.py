"""What the server is told. Given on its command line, so data of any age gets today's values."""

import os
from collections.abc import Mapping
from pathlib import Path

_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",  # our words about a failed start are found by reading the log
    "jit": "off",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # what a row held stays out of the log
    "log_line_prefix": "%m [%p] ",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_FLEETING = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "autovacuum_naptime": "1h",
}

_MB = 1 << 20
LEAST_MB, MOST_MB = 128, 512
"""For pages of tables. What lists and searches of a million cases touch fits into the more."""
_LIMIT_OF_CONTAINER = Path("/sys/fs/cgroup/memory.max")


def buffers_mb(memory: int) -> int:
    """A quarter of so many bytes of memory, as PostgreSQL's manual advises, within the bounds."""
    return min(max(memory // 4 // _MB, LEAST_MB), MOST_MB)


def memory_there_is() -> int:
    """Bytes of this machine, or of the container where that has less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(machine, int(_LIMIT_OF_CONTAINER.read_text()))
    except (OSError, ValueError):  # none such, or no limit: `max`
        return machine


def server_settings(*, durable: bool, socket_folder: str, mark: str) -> Mapping[str, str]:
    """`mark` is shown in the title of every process of the server: they are found by it."""
    lasting = {**_DURABLE, "shared_buffers": f"{buffers_mb(memory_there_is())}MB"}
    chosen = lasting if durable else _FLEETING
    return {
        **_ALWAYS,
        **chosen,
        "unix_socket_directories": socket_folder,
        "cluster_name": mark,
    }
