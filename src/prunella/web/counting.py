"""How many requests came, and how they ended; for `/metrics`."""

import time

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

QUIET = {"/healthz", "/readyz", "/metrics", "none"}
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Tally:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "prunella_requests_total",
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "prunella_request_seconds",
            "Time until the answer began, by route.",
            ["route"],
            buckets=BUCKETS_S,
            registry=self.registry,
        )


class Counting:
    """Count each answer under its route, never under an address with an id in it."""

    def __init__(self, app: ASGIApp, tally: Tally) -> None:
        self.app = app
        self.tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")
                self.tally.requests.labels(route, scope["method"], message["status"]).inc()
                passed_s = time.perf_counter() - began
                self.tally.seconds.labels(route).observe(passed_s)
                _note(scope["method"], route, message["status"], passed_s)
            await send(message)

        await self.app(scope, receive, send_counted)


def _note(method: str, route: str, status: int, passed_s: float) -> None:
    """One line a request; the route alone, since an address may hold a token."""
    if route not in QUIET:
        log.info("request", method=method, route=route, status=status, ms=round(passed_s * 1000))
