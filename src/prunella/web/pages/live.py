"""The two streams that tell open pages to look again."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from prunella.people import Customer
from prunella.web.live import Live, stream
from prunella.web.site import site_of
from prunella.web.visits import shift, visit

router = APIRouter()


@router.get("/billing/events")
async def of_customer(request: Request) -> StreamingResponse:
    async with visit(request) as here:
        session, customer = here.session.csrf, here.customer
    return await _streaming(site_of(request).live, session=session, customer=customer)


@router.get("/desk/events")
async def of_desk(request: Request) -> StreamingResponse:
    async with shift(request) as here:
        session = here.session.csrf
    return await _streaming(site_of(request).live, session=session, customer=None)


async def _streaming(live: Live, *, session: str, customer: Customer | None) -> StreamingResponse:
    live.check_room(session)

    async def lines() -> AsyncIterator[str]:
        with live.page(session=session, customer=customer) as page:
            async for line in stream(page):
                yield line

    return StreamingResponse(lines(), media_type="text/event-stream")
