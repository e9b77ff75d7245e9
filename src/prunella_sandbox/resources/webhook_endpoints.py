"""Webhook endpoints. The secret is shown once, when the endpoint is created.

`metadata[sandbox_secret]=whsec_…` fixes the secret, so that a demo can configure both sides.
"""

from __future__ import annotations

from typing import Any

from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/webhook_endpoints"


def create(world: World, params: Params) -> Obj:
    metadata = params.metadata()
    secret = metadata.get("sandbox_secret") or world.new_id("secret")
    enabled = params.texts("enabled_events")
    if not enabled:
        raise params.missing(name="enabled_events")
    endpoint = world.insert(
        "webhook_endpoint",
        api_version=params.text("api_version"),
        application=None,
        description=params.text("description"),
        enabled_events=enabled,
        livemode=False,
        metadata={key: value for key, value in metadata.items() if key != "sandbox_secret"},
        status="enabled",
        url=params.need_text("url"),
        _secret=secret,
    )
    return endpoint | {"secret": secret}


def retrieve(world: World, _params: Params, *, webhook_endpoint: str) -> Obj:
    return world.need("webhook_endpoint", webhook_endpoint)


def update(world: World, params: Params, *, webhook_endpoint: str) -> Obj:
    before = world.need("webhook_endpoint", webhook_endpoint)
    changes: dict[str, Any] = params.given(params.text, "url", "description")
    changes |= params.given(params.texts, "enabled_events")
    if params.has("disabled"):
        changes["status"] = "disabled" if params.flag("disabled") else "enabled"
    return world.update(before, metadata=params.metadata(over=before["metadata"]), **changes)


def delete(world: World, _params: Params, *, webhook_endpoint: str) -> Obj:
    world.need("webhook_endpoint", webhook_endpoint)
    gone = {"id": webhook_endpoint, "object": "webhook_endpoint", "deleted": True}
    world.store.put("webhook_endpoint", webhook_endpoint, gone)
    return gone


def index(world: World, params: Params) -> Obj:
    return page(world, "webhook_endpoint", params, url=URL)


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{webhook_endpoint}", retrieve),
    Route("POST", URL + "/{webhook_endpoint}", update),
    Route("DELETE", URL + "/{webhook_endpoint}", delete),
)
