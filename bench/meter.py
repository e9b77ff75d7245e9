"""The health meter's page, through the whole application, against an empty answer."""

import time
from datetime import timedelta

import httpx
import jwt
from bench.stage import JWT_SECRET, fill, percentiles, postgres, rooms

from prunella import web
from prunella.kit.clock import system_now

CUSTOMERS = 1_000
TIMES = 1_000
WARM_UP = 100


async def measure() -> list[str]:
    with postgres() as url:
        async with rooms(url) as opened:
            fill(url, first=1, last=CUSTOMERS)
            transport = httpx.ASGITransport(web.create_app(opened))
            base = "http://127.0.0.1:8000"
            async with httpx.AsyncClient(transport=transport, base_url=base) as client:
                claims = {"sub": "cus_northbeck_7", "exp": system_now() + timedelta(hours=1)}
                token = jwt.encode(claims, JWT_SECRET, algorithm="HS256")
                await client.get("/billing", params={"token": token})
                await _get(client, "/billing", WARM_UP)
                p50, p99 = percentiles(await _get(client, "/billing", TIMES))
                still50, _ = percentiles(await _get(client, "/healthz", TIMES))
    times = f"page: p50 {p50:.2f} ms, p99 {p99:.2f} ms"
    return [f"{times}, {p50 / still50:.1f} x the empty answer of /healthz ({still50:.2f} ms)"]


async def _get(client: httpx.AsyncClient, path: str, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        answer = await client.get(path)
        taken.append(time.perf_counter() - started)
        assert answer.status_code == httpx.codes.OK, answer.text
    return taken
