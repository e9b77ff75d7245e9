"""What a request has to look like, and the action that is made of it. Pure."""

import re
from typing import Any

from prunella.actions.action import Action, ActionRequest, BadRequestError, UnknownKindError
from prunella.actions.params import check_params
from prunella.actions.policy import KINDS, Decision, Facts, to_json
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import Customer

MAX_KEY = 200
MAX_REASON = 1_000
# A path on our own pages: whole addresses never enter a row.
_PATH = re.compile(r"/(?!/)[\w./?=&%-]*")
_CURRENCY = re.compile(r"[A-Za-z]{3}")


def check_request(asked: ActionRequest) -> None:
    """Raises `UnknownKindError` and `BadRequestError`."""
    if asked.kind not in KINDS:
        raise UnknownKindError
    if not 0 < len(asked.business_key) <= MAX_KEY or len(asked.reason) > MAX_REASON:
        raise BadRequestError
    if asked.currency is not None and not _CURRENCY.fullmatch(asked.currency):
        message = "currency is three letters, like usd."
        raise BadRequestError(message)
    check_params(asked)
    if not _PATH.fullmatch(asked.params.get("return_path", "/")):
        message = "return_path is a path on our own pages, like /billing."
        raise BadRequestError(message)


def new_action(
    tx: Tx,
    customer: Customer,
    asked: ActionRequest,
    *,
    facts: Facts,
    decided: dict[str, Any],
    actor: Actor,
) -> Action:
    """Put the action together; `decided` is what `told` makes of the decision."""
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
        decision=decided,
        business_key=asked.business_key,
        contact=asked.contact,
        case=asked.case,
        created_at=tx.now,
        attempts=0,
        looks=0,
        result={},
        **blank,
    )


def told(
    decision: Decision, facts: Facts, *, digest: str, shadow: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a decision as it is kept: with the facts, so that it can be judged again.

    `digest` is that of the content that policy stood on, `shadow` what other rules say of it.
    """
    kept = {
        "verdict": decision.verdict,
        "rules": list(decision.rules),
        "explanation": decision.explanation,
        "explanation_for_staff": decision.explanation_for_staff,
        "content": digest,
        "facts": to_json(facts),
    }
    return kept if shadow is None else {**kept, "shadow": shadow}
