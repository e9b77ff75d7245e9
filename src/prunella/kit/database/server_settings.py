"""What the server is told. Given on its command line, so data of any age gets today's values."""

from collections.abc import Mapping

_ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
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
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "autovacuum_naptime": "1h",
}


def server_settings(*, durable: bool, socket_folder: str, mark: str) -> Mapping[str, str]:
    """`mark` is shown in the title of every process of the server: they are found by it."""
    chosen = _DURABLE if durable else _FLEETING
    return {
        **_ALWAYS,
        **chosen,
        "unix_socket_directories": socket_folder,
        "cluster_name": mark,
    }
