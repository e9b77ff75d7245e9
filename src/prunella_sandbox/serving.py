"""Running the sandbox as a server of its own."""

from __future__ import annotations

import socket
import sys

import uvicorn
from starlette.types import ASGIApp

from prunella_sandbox.mailbox import MailServer

BACKLOG = 512


def bind(host: str, port: int) -> socket.socket:
    """Open the port; 0 takes a free one."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Serve until interrupted; prints the address in one line when ready."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
    server = _Announcing(config, address(listener))
    server.run(sockets=[listener])


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, url: str, *, mail: str | None = None) -> None:
        super().__init__(config)
        self._lines = [f"Sandbox ready at {url}", *([f"Mailbox at {mail}"] if mail else [])]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        sys.stdout.writelines(f"{line}\n" for line in self._lines)
        sys.stdout.flush()


async def serve_beside(app: ASGIApp, listener: socket.socket, *, mail: MailServer) -> None:
    """Serve the app and the mailbox in one event loop until interrupted."""
    async with mail:
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on")
        server = _Announcing(config, address(listener), mail=mail.url)
        await server.serve(sockets=[listener])
