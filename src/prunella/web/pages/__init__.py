"""What people open in a browser."""

from fastapi import APIRouter

from prunella.web.pages import cases, desk, entry, live, meter, remedies, scoreboard, staff

router = APIRouter(include_in_schema=False)
for part in (entry, meter, remedies, cases, staff, desk, scoreboard, live):
    router.include_router(part.router)
