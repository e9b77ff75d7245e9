"""What programs call."""

from prunella.web.api import (
    actions,
    approvals,
    attachments,
    audit,
    brake,
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
    previews,
    profiles,
    sla,
    staff,
    stopped,
    tokens,
    views,
    webhooks,
)

parts = (
    *(cases, customers, actions, case_moves, macros, sla, audit, webhooks, operations),
    *(views, notifications, staff, tokens, csm, next_case, hooks, mail, attachments),
    *(approvals, brake, stopped, previews, profiles),
)
"""Looked through in this order: what is asked for most comes first."""
