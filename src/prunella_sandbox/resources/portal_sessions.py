"""Customer portal sessions: a short-lived address for one customer.

The page that `flow_data` asks for is in `flow`; an address is good for an hour.
"""

from __future__ import annotations

from typing import Any

from prunella_sandbox.errors import LinkExpiredError, no_such
from prunella_sandbox.links import portal_url
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/billing_portal/sessions"
KIND = "billing_portal.session"
VALID_SECONDS = 3600
FLOWS = ("customer_update", "payment_method_update", "subscription_cancel", "subscription_update")
ENDINGS = ("hosted_confirmation", "portal_homepage", "redirect")


def create(world: World, params: Params) -> Obj:
    customer = world.need("customer", params.need_text("customer"), param="customer")
    token = world.new_secret(40)
    return world.insert(
        KIND,
        configuration=params.text("configuration") or "bpc_1Sandbox",
        customer=customer["id"],
        customer_account=None,
        flow=_flow(world, params.nested("flow_data")) if params.has("flow_data") else None,
        livemode=False,
        locale=params.text("locale"),
        on_behalf_of=None,
        return_url=params.text("return_url"),
        url=portal_url(world, token),
        _token=token,
        _expires_at=world.clock.unix() + VALID_SECONDS,
    )


def _flow(world: World, sent: Params) -> Obj:
    kind = sent.choice("type", FLOWS) or sent.need_text("type")
    nothing: dict[str, Any] = dict.fromkeys(
        ("subscription_cancel", "subscription_update", "subscription_update_confirm")
    )
    flow = nothing | {"after_completion": _ending(sent), "type": kind}
    if kind.startswith("subscription"):
        name = sent.nested(kind).need_text("subscription")
        world.need("subscription", name, param="subscription")
        flow[kind] = {"subscription": name}
        if kind == "subscription_cancel":
            flow[kind]["retention"] = None
    return flow


def _ending(sent: Params) -> Obj:
    after = sent.nested("after_completion")
    kind = after.choice("type", ENDINGS) or "portal_homepage"
    back = after.nested("redirect").text("return_url")
    words = after.nested("hosted_confirmation").text("custom_message")
    return {
        "hosted_confirmation": {"custom_message": words} if words else None,
        "redirect": {"return_url": back} if back else None,
        "type": kind,
    }


def of_token(world: World, token: str) -> Obj:
    """Find the session behind a portal address.

    Raises:
        NotFoundError: the address is none of ours.
        LinkExpiredError: it is too old.
    """
    for session in world.newest_first(KIND):
        if session["_token"] == token:
            with in_time_of(world, session):
                is_past = session["_expires_at"] <= world.clock.now()
            if is_past:
                raise LinkExpiredError(message="This portal link has expired.")
            return session
    raise no_such(kind="portal link", object_id=token, param=None)


ROUTES = (Route("POST", URL, create),)
