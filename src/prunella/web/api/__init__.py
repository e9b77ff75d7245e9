"""What programs call."""

from fastapi import APIRouter

from prunella.web.api import actions, audit, cases, customers, operations, webhooks

router = APIRouter()
for part in (customers, actions, cases, audit, webhooks, operations):
    router.include_router(part.router)
