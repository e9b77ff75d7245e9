"""Meters: which usage events count, and how they add up."""

from __future__ import annotations

from collections.abc import Iterator

from prunella_sandbox.billing import usage
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page, paged
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/billing/meters"
KIND = "billing.meter"
FORMULAS = ("count", "last", "sum")
WINDOWS = {"day": 24 * 3600, "hour": 3600}
MINUTE = 60


def create(world: World, params: Params) -> Obj:
    name = params.need_text("event_name")
    if of_event(world, name):
        message = f"An active meter already exists for the event name `{name}`."
        raise InvalidRequestError(message=message, param="event_name")
    mapping, value = params.nested("customer_mapping"), params.nested("value_settings")
    mapping.choice("type", ("by_id",))
    aggregation = params.nested("default_aggregation")
    formula = aggregation.choice("formula", FORMULAS) or aggregation.need_text("formula")
    meter = world.insert(
        KIND,
        customer_mapping={
            "event_payload_key": mapping.text("event_payload_key") or "stripe_customer_id",
            "type": "by_id",
        },
        default_aggregation={"formula": formula},
        display_name=params.need_text("display_name"),
        event_name=name,
        event_time_window=params.choice("event_time_window", tuple(WINDOWS)),
        livemode=False,
        status="active",
        status_transitions={"deactivated_at": None},
        updated=world.clock.unix(),
        value_settings={"event_payload_key": value.text("event_payload_key") or "value"},
    )
    emit(world, "billing.meter.created", meter)
    return meter


def of_event(world: World, event_name: str) -> Obj | None:
    """Find the active meter that counts events of this name."""
    for meter in world.newest_first(KIND):
        if meter["event_name"] == event_name and meter["status"] == "active":
            return meter
    return None


def retrieve(world: World, _params: Params, *, meter: str) -> Obj:
    return world.need(KIND, meter)


def update(world: World, params: Params, *, meter: str) -> Obj:
    changes = params.given(params.text, "display_name")
    return _move(world, meter, "billing.meter.updated", **changes)


def deactivate(world: World, _params: Params, *, meter: str) -> Obj:
    moments = {"deactivated_at": world.clock.unix()}
    return _move(
        world, meter, "billing.meter.deactivated", status="inactive", status_transitions=moments
    )


def reactivate(world: World, _params: Params, *, meter: str) -> Obj:
    moments = {"deactivated_at": None}
    return _move(
        world, meter, "billing.meter.reactivated", status="active", status_transitions=moments
    )


def _move(world: World, meter_id: str, event: str, **changes: object) -> Obj:
    before = world.need(KIND, meter_id)
    after = world.update(before, updated=world.clock.unix(), **changes)
    emit(world, event, after, before=before if event.endswith("updated") else None)
    return after


def index(world: World, params: Params) -> Obj:
    params.choice("status", ("active", "inactive"))
    return page(world, KIND, params, url=URL, equal=("status",), times=())


def summaries(world: World, params: Params, *, meter: str) -> Obj:
    """What a customer used, in one figure or in one for each hour or day, newest first."""
    found = world.need(KIND, meter)
    start, end = params.need_integer("start_time"), params.need_integer("end_time")
    for name, at in (("start_time", start), ("end_time", end)):
        if at % MINUTE:
            raise params.invalid(name=name, message="Must align with minute boundaries.")
    window = params.choice("value_grouping_window", tuple(WINDOWS))
    customer = params.need_text("customer")
    world.need("customer", customer, param="customer")
    pieces = list(_pieces(start, end, WINDOWS[window] if window else max(1, end - start)))
    shown = [_summary(world, found, customer, piece) for piece in reversed(pieces)]
    return paged(shown, params, url=f"{URL}/{meter}/event_summaries")


def _pieces(start: int, end: int, seconds: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, seconds):
        yield at, min(end, at + seconds)


def _summary(world: World, meter: Obj, customer: str, piece: tuple[int, int]) -> Obj:
    start, end = piece
    used = usage.aggregated(world, meter["id"], customer=customer, start=start, end=end)
    return {
        "id": f"mtrusg_test_{start}_{end}",
        "object": "billing.meter_event_summary",
        "aggregated_value": float(used),
        "end_time": end,
        "livemode": False,
        "meter": meter["id"],
        "start_time": start,
    }


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{meter}", retrieve),
    Route("POST", URL + "/{meter}", update),
    Route("POST", URL + "/{meter}/deactivate", deactivate),
    Route("POST", URL + "/{meter}/reactivate", reactivate),
    Route("GET", URL + "/{meter}/event_summaries", summaries),
)
