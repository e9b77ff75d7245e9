"""What people open in a browser."""

from fastapi import APIRouter

from prunella.web.pages import (
    approvals,
    attachments,
    audit,
    cases,
    choosing,
    contact,
    customers,
    deeds,
    desk,
    desk_case,
    desk_find,
    desk_for,
    desk_overview,
    desk_several,
    desk_stuck,
    desk_told,
    desk_verbs,
    desk_views,
    embed,
    entry,
    hooks,
    invoices,
    join,
    limits,
    live,
    meter,
    people,
    post,
    remedies,
    scoreboard,
    staff,
    unsubscribe,
    you,
)

router = APIRouter(include_in_schema=False)
router.include_router(contact.router)  # first: it is asked for by the most people at once
for part in (entry, meter, remedies, choosing, invoices, cases, staff, desk, scoreboard, live):
    router.include_router(part.router)
for part in (join, you, people, post, attachments, hooks):
    router.include_router(part.router)
for part in (desk_case, desk_verbs, desk_find, desk_for, desk_stuck, desk_overview, desk_several):
    router.include_router(part.router)
for part in (
    desk_told,
    desk_views,
    audit,
    unsubscribe,
    embed,
    customers,
    approvals,
    limits,
    deeds,
):
    router.include_router(part.router)
