"""What programs call."""

from fastapi import APIRouter

from prunella.web.api import (
    actions,
    attachments,
    audit,
    case_moves,
    cases,
    csm,
    customers,
    hooks,
    macros,
    mail,
    next_case,
    notifications,
    operations,
    sla,
    staff,
    tokens,
    views,
    webhooks,
)

router = APIRouter()
for part in (customers, actions, cases, case_moves, macros, sla, audit, webhooks, operations):
    router.include_router(part.router)
for part in (views, notifications, staff, tokens, csm, next_case, hooks, mail, attachments):
    router.include_router(part.router)
