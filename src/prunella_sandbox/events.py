"""Stripe's events: a snapshot of what changed, written with the change."""

from __future__ import annotations

from typing import Any, Final

from prunella_sandbox.rendering import shown
from prunella_sandbox.store import Obj
from prunella_sandbox.world import Delivery, World

# The version that stripe-python 16.1.0 pins. Events are frozen in it when they are created.
API_VERSION: Final = "2026-10-28.endive"


def emit(world: World, kind: str, obj: Obj, *, before: Obj | None = None) -> None:
    """Write an event; with `before` it tells what changed, and without a change there is none."""
    data: Obj = {"object": shown(world, obj)}
    if before is not None:
        data["previous_attributes"] = differences(before, obj)
        if not data["previous_attributes"]:
            return
    endpoints = listeners(world, kind)
    event = world.insert(
        "event",
        api_version=API_VERSION,
        data=data,
        livemode=False,
        pending_webhooks=len(endpoints),
        request={
            "id": world.origin.request_id,
            "idempotency_key": world.origin.idempotency_key,
        },
        type=kind,
    )
    for endpoint in endpoints:
        world.stage(Delivery(event_id=event["id"], endpoint_id=endpoint["id"]))


def listeners(world: World, kind: str) -> list[Obj]:
    return [
        endpoint
        for endpoint in world.store.table("webhook_endpoint").values()
        if endpoint.get("status") == "enabled"
        and ("*" in endpoint["enabled_events"] or kind in endpoint["enabled_events"])
    ]


def differences(before: Obj, after: Obj) -> Obj:
    """Give the former values of what changed; nested hashes show only what changed in them."""
    changed: Obj = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if key.startswith("_") or old == new:
            continue
        changed[key] = _former(old, new)
    return changed


def _former(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict) and new.get("object") != "list":
        return differences(old, new)
    return old
