"""Asking for an action: judged, recorded and queued in one transaction."""

import re
from dataclasses import asdict, replace
from typing import Any

from psycopg.errors import UniqueViolation

from prunella import people
from prunella.actions import ledger, store, watch
from prunella.actions.action import (
    Action,
    ActionRequest,
    BadRequestError,
    NotTheirsError,
    UnknownKindError,
)
from prunella.actions.details import FIELDS as DETAILS
from prunella.actions.gather import asker_of, gather
from prunella.actions.policy import KINDS, Decision, Facts, judge, may_ask
from prunella.actions.states import State
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer

MAX_KEY = 200
MAX_REASON = 1_000
MAX_PARAM = 200
# A path on our own pages: whole addresses never enter a row.
_PATH = re.compile(r"/(?!/)[\w./?=&%-]*")
_PARAMS = {"payment_method", "flow", "mode", "copy_of", "return_path", "run"}
_PARAMS |= {"off_session", "how", "item", "price", "proration_date", *DETAILS}
_AFTER: dict[str, State] = {
    "allow": "approved",
    "deny": "denied",
    "needs_approval": "awaiting_approval",
}


async def request(tx: Tx, asked: ActionRequest, *, content: str = "") -> Action:
    """Ask for an action, or get back the one that is open for the same attempt.

    `content` is the digest of the content that policy stood on. Raises `UnknownKindError`,
    `BadRequestError`, and `NotTheirsError` when the customer has no such object.
    """
    _check(asked)
    customer = await people.find_customer(tx, asked.customer)
    if customer is None:
        raise NotTheirsError
    await store.take_turn(tx, customer.id)
    actor = asked.actor or tx.actor
    asker = asker_of(actor)
    if may_ask(asker, kind=asked.kind, flow=asked.params.get("flow", "")):
        running = await _running(tx, customer, asked)
        if running:
            return running
    facts = await gather(tx, customer, asked, asker)
    decision = judge(facts)
    action = _new(tx, customer, asked, facts=facts, actor=actor)
    told = {**asdict(decision), "rules": list(decision.rules), "content": content}
    action = replace(action, decision=told)
    return await _enter(tx, customer, asked, action, decision)


async def weigh(tx: Tx, asked: ActionRequest) -> Decision:
    """Return what would be decided right now. Nothing is written, and nothing is reserved."""
    _check(asked)
    customer = await people.find_customer(tx, asked.customer)
    if customer is None:
        raise NotTheirsError
    return judge(await gather(tx, customer, asked, asker_of(asked.actor or tx.actor)))


def _check(asked: ActionRequest) -> None:
    if asked.kind not in KINDS:
        raise UnknownKindError
    if not 0 < len(asked.business_key) <= MAX_KEY or len(asked.reason) > MAX_REASON:
        raise BadRequestError
    for name, value in asked.params.items():
        if name not in _PARAMS or len(value) > MAX_PARAM or "://" in value:
            message = f"{name} is not understood here."
            raise BadRequestError(message)
    if not _PATH.fullmatch(asked.params.get("return_path", "/")):
        message = "return_path is a path on our own pages, like /billing."
        raise BadRequestError(message)


async def _running(tx: Tx, customer: Customer, asked: ActionRequest) -> Action | None:
    running = await store.open_by_key(tx, asked.business_key)
    if running is None and asked.kind == "retry_payment":
        running = await store.open_payment(tx, asked.target)
    if running and running.customer != customer.id:
        raise NotTheirsError
    return running


def _new(tx: Tx, customer: Customer, asked: ActionRequest, *, facts: Facts, actor: Actor) -> Action:
    payment = facts.payment
    blank: dict[str, Any] = {"submitted_at": None, "settled_at": None, "error": None}
    return Action(
        id=tx.new_id("act"),
        kind=asked.kind,
        customer=customer.id,
        target=asked.target,
        amount=payment.remaining if payment and asked.amount is None else asked.amount,
        currency=payment.currency if payment and not asked.currency else asked.currency,
        reason=asked.reason,
        params=dict(asked.params),
        requested_by=actor,
        state="requested",
        decision={},
        business_key=asked.business_key,
        contact=asked.contact,
        case=asked.case,
        created_at=tx.now,
        attempts=0,
        looks=0,
        result={},
        **blank,
    )


async def _enter(
    tx: Tx, customer: Customer, asked: ActionRequest, action: Action, decision: Decision
) -> Action:
    state, because = _AFTER[decision.verdict], f"policy.{decision.verdict}"
    if state == "denied":
        return await ledger.begin_denied(tx, action, because=because)
    try:
        async with tx.conn.transaction():
            await ledger.begin(tx, action)
    except UniqueViolation:
        running = await _running(tx, customer, asked)
        if running is None:
            raise
        return running
    action = await ledger.move(tx, action, state, because=because)
    if state == "approved":
        await watch.queue(tx, action.id)
        await watch.watch_approved(tx, action)
    return action
