"""What creating and updating a subscription read alike."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.params import Params
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

METHODS = ("charge_automatically", "send_invoice")


BEHAVIORS = ("allow_incomplete", "default_incomplete", "error_if_incomplete")


PAYMENT_BEHAVIORS = (*BEHAVIORS, "pending_if_incomplete")


ENDED = {"canceled", "incomplete_expired"}


def read_anchor(params: Params) -> str | None:
    """Read `billing_cycle_anchor[type]` of a subscription that exists."""
    sent = params.nested("billing_cycle_anchor")
    return sent.choice("type", ("now", "unchanged"))


def refuse_ended(subscription: Obj) -> None:
    if subscription["status"] in ENDED:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise InvalidRequestError(message=message, code="invalid_canceled_subscription_fields")


def refuse_mixed(entries: list[Obj]) -> None:
    kinds = {
        (
            e["price"]["currency"],
            e["price"]["recurring"]["interval"],
            e["price"]["recurring"]["interval_count"],
        )
        for e in entries
    }
    if len(kinds) > 1:
        message = "The sandbox bills all items of a subscription in one currency and interval."
        raise InvalidRequestError(message=message, param="items")


def payment_of(world: World, params: Params, *, customer: Obj) -> dict[str, Any]:
    chosen = params.text("default_payment_method")
    source = params.text("default_source")
    if source:
        world.need("payment_method", source, param="default_source")
    if not chosen:
        return {"default_payment_method": None, "default_source": source}
    method = payment_methods.of_customer(
        world, chosen, customer=customer, param="default_payment_method"
    )
    return {"default_payment_method": method["id"], "default_source": source}


def details_of(params: Params, *, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        **params.given(params.text, "description"),
        **params.given(params.flag, "cancel_at_period_end"),
        **params.given(params.integer, "cancel_at"),
        "metadata": params.metadata(over=metadata),
    }


def settings_of(params: Params) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if params.has("trial_settings"):
        behavior = params.nested("trial_settings").nested("end_behavior")
        wanted = behavior.choice("missing_payment_method", ("cancel", "create_invoice", "pause"))
        changes["trial_settings"] = {"end_behavior": {"missing_payment_method": wanted}}
    if params.has("payment_settings"):
        sent = params.nested("payment_settings")
        changes["payment_settings"] = {
            "payment_method_options": None,
            "payment_method_types": sent.texts("payment_method_types") or None,
            "save_default_payment_method": sent.choice(
                "save_default_payment_method", ("off", "on_subscription")
            )
            or "off",
        }
    return changes
