"""What programs call."""

from fastapi import APIRouter

from prunella.web.api import actions, audit, cases, customers, operations, sla, webhooks

router = APIRouter()
for part in (customers, actions, cases, sla, audit, webhooks, operations):
    router.include_router(part.router)
