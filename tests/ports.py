"""Ports for servers that are told theirs, and may be killed and started again on it."""

import secrets
import socket

HOST = "127.0.0.1"
OURS = range(20_000, 32_000)
"""Below what a kernel gives to whoever asks for any port, and to connections that go out."""


def free_port() -> int:
    """One that nobody listens on, and that no test of any process draws while this one lives."""
    for port in secrets.SystemRandom().sample(OURS, len(OURS)):
        with socket.socket() as probe:
            drawn = socket.socket(type=socket.SOCK_DGRAM)
            try:
                probe.bind((HOST, port))
                drawn.bind((HOST, port))
            except OSError:
                drawn.close()
                continue
            drawn.detach()  # open until the process ends: so it is marked as drawn
            return port
    message = "no port is free"
    raise OSError(message)
