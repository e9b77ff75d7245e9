"""Signed events from outside: stored before they are acknowledged."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prunella.web.site import site_of

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post("/stripe")
async def stripe(request: Request) -> dict[str, str]:
    body = await request.body()
    signature = request.headers.get("stripe-signature")
    return {"stored": await site_of(request).rooms.inbox.receive(body, signature)}


async def _stripe(request: Request) -> Response:
    return JSONResponse(await stripe(request))


door = Route("/webhooks/stripe", _stripe, methods=["POST"])
"""The same in front of everything else: finding the way to a page costs more than storing an event,
and webhooks come in crowds. The documented route stays for `/openapi.json`."""
