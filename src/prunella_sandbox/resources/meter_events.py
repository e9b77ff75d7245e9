"""Meter events: one report of usage; the same identifier counts once within a day."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from prunella_sandbox.billing import usage
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.params import Params
from prunella_sandbox.resources import meters
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/billing/meter_events"
KIND = "billing.meter_event"
SEEN = "_meter_identifiers"
DAY = 24 * 3600
OLDEST_SECONDS = 35 * DAY
NEWEST_SECONDS = 5 * 60
MAX_IDENTIFIER = 100


def create(world: World, params: Params) -> Obj:
    name = params.need_text("event_name")
    meter = meters.of_event(world, name)
    if meter is None:
        message = f"No active meter found for event name `{name}`."
        raise InvalidRequestError(message=message, code="resource_missing", param="event_name")
    at = _moment(world, params)
    payload = params.raw("payload")
    if not isinstance(payload, dict):
        raise params.missing(name="payload")
    customer, value = _customer(world, params, meter, payload), _value(params, meter, payload)
    identifier = _identifier(world, params)
    usage.note(world, meter, customer=customer, at=at, value=value)
    return {
        "object": KIND,
        "created": world.clock.unix(),
        "event_name": name,
        "identifier": identifier,
        "livemode": False,
        "payload": {key: str(text) for key, text in payload.items()},
        "timestamp": at,
    }


def _moment(world: World, params: Params) -> int:
    now, at = world.clock.unix(), params.integer("timestamp")
    if at is None:
        return now
    if not now - OLDEST_SECONDS <= at <= now + NEWEST_SECONDS:
        message = "The timestamp must be within the past 35 days or up to 5 minutes in the future."
        raise params.invalid(name="timestamp", message=message)
    return at


def _customer(world: World, params: Params, meter: Obj, payload: Obj) -> str:
    key = meter["customer_mapping"]["event_payload_key"]
    if not payload.get(key):
        raise params.missing(name=f"payload[{key}]")
    return str(world.need("customer", str(payload[key]), param=f"payload[{key}]")["id"])


def _value(params: Params, meter: Obj, payload: Obj) -> Decimal:
    key = meter["value_settings"]["event_payload_key"]
    if meter["default_aggregation"]["formula"] == "count":
        return Decimal(1)
    if key not in payload:
        raise params.missing(name=f"payload[{key}]")
    try:
        value = Decimal(str(payload[key]))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise params.invalid(name=f"payload[{key}]", message=f"Not a number: {payload[key]}")
    return value


def _identifier(world: World, params: Params) -> str:
    """Read the identifier, or make one up.

    Raises:
        InvalidRequestError: it was used within the last 24 hours.
    """
    given = params.text("identifier")
    if given is None:
        return world.new_secret(32)
    if len(given) > MAX_IDENTIFIER:
        message = f"At most {MAX_IDENTIFIER} characters."
        raise params.invalid(name="identifier", message=message)
    seen = world.store.get(SEEN, given)
    if seen and seen["at"] > world.clock.now() - DAY:
        message = f"An event already exists with identifier {given}."
        raise InvalidRequestError(message=message, param="identifier")
    world.store.put(SEEN, given, {"at": world.clock.now()})
    return given


ROUTES = (Route("POST", URL, create),)
