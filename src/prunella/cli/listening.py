"""Whether one may listen somewhere: asked before anything starts, and told in words."""

import errno
import socket
from typing import Annotated

import typer

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the pages and the API.")]


class CannotListenError(Exception):
    """Nothing can listen there. The message says why, and what to change."""


_WHY = {
    errno.EADDRINUSE: "is taken: end the program that listens there, or choose another with {port}",
    errno.EACCES: "is kept for the system: choose one from 1024 on with {port}",
}
_NO_HOST = "is no address of this machine: choose another host"


def must_be_free(host: str, port: int, *, option: str = "--port") -> None:
    """Raises `CannotListenError`. Whoever takes it in the meantime is found by listening itself."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, place in found:
            with socket.socket(family, kind, protocol) as trying:
                trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trying.bind(place)
    except OSError as error:
        why = _WHY.get(error.errno or 0, _NO_HOST).format(port=option)
        message = f"Port {port} of {host} {why}." if error.errno in _WHY else f"{host} {why}."
        raise CannotListenError(message) from None
