"""A request as the engine sees it, its answer, and the log of both (without secrets)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

MAX_LOGGED = 20_000


@dataclass(frozen=True)
class ApiRequest:
    """One call of Stripe's API; `params` are nested as sent."""

    id: str
    method: str
    path: str
    params: dict[str, Any]
    authorization: str | None = None
    idempotency_key: str | None = None

    @property
    def is_write(self) -> bool:
        return self.method == "POST"


@dataclass(frozen=True)
class Reply:
    """An answer. `is_lost`: it never reaches the caller; `is_stored`: its key replays it."""

    status: int
    body: bytes
    is_replayed: bool = False
    is_lost: bool = False
    hold_seconds: float = 0.0
    is_stored: bool = False


class RequestLog:
    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=MAX_LOGGED)

    def note(self, request: ApiRequest, reply: Reply, *, at: float) -> None:
        self._entries.append(
            {
                "at": at,
                "id": request.id,
                "idempotency_key": request.idempotency_key,
                "method": request.method,
                "path": request.path,
                "replayed": reply.is_replayed,
                "answered": not reply.is_lost,
                "status": reply.status,
            }
        )

    def clear(self) -> None:
        self._entries.clear()

    def entries(self) -> list[dict[str, Any]]:
        return list(self._entries)
