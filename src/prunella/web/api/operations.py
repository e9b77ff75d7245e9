"""What machines ask: do you live, may requests come, how much waits."""

from typing import Any

from fastapi import APIRouter, Request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import JSONResponse, PlainTextResponse, Response

from prunella.kit.actor import SYSTEM
from prunella.web.operations import Figures, figures, in_time, readiness
from prunella.web.operations.metrics import exposition
from prunella.web.site import Site, site_of

router = APIRouter(tags=["operations"])


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Answer without asking anybody else."""
    return {"status": "ok"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", responses={503: {"description": "Not yet; `missing` says what for."}})
async def ready(request: Request) -> JSONResponse:
    found = await readiness(site_of(request))
    body: dict[str, Any] = {"status": "ready" if found.ready else "waiting"}
    body |= {"missing": list(found.missing), "content": found.content}
    return JSONResponse(body, 200 if found.ready else 503)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    site = site_of(request)
    text = exposition(
        await in_time(_figures(site)), site.rooms.diagnostics.alarm, site.tally.registry
    )
    return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)


async def _figures(site: Site) -> Figures:
    async with site.rooms.house.transaction(SYSTEM) as tx:
        return await figures(tx)
