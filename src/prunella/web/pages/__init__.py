"""What people open in a browser."""

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
    desk_doing,
    desk_find,
    desk_for,
    desk_giving,
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

first = contact
"""Looked for before anything else: it is asked for by the most people at once."""
parts = (
    *(entry, meter, remedies, choosing, invoices, cases, staff, desk, scoreboard, live),
    *(join, you, people, post, attachments, hooks),
    *(desk_case, desk_verbs, desk_find, desk_for, desk_stuck, desk_overview, desk_several),
    *(desk_giving, desk_doing, desk_told, desk_views, audit, unsubscribe, embed),
    *(customers, approvals, limits, deeds),
)
