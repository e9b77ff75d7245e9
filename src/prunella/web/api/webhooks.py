"""Signed events from outside: stored before they are acknowledged."""

from fastapi import APIRouter, Request

from prunella.web.site import site_of

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post("/stripe")
async def stripe(request: Request) -> dict[str, str]:
    body = await request.body()
    signature = request.headers.get("stripe-signature")
    return {"stored": await site_of(request).rooms.inbox.receive(body, signature)}
