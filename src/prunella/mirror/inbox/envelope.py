"""What a signed body says about itself, as far as storing it needs."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prunella.kit.clock import from_unix

THIN = "A thin event names an object but does not carry it: send snapshot events to this address."
CONNECTED = "The event is of a connected account: this installation serves one company."
UNDECODABLE = "The signed body is no event that can be read: "
_ID = re.compile(r"[A-Za-z0-9_.\-]{1,255}")
_LATEST = 253_402_300_799  # the end of the year 9999


@dataclass(frozen=True, slots=True)
class Envelope:
    """A row of the inbox. With `aside` set it is stored out of the way, for people to see."""

    event_id: str
    payload: bytes
    type: str = "unknown"
    kind: str | None = None
    object_id: str | None = None
    created: datetime | None = None
    api_version: str | None = None
    aside: str | None = None


def open_envelope(raw_body: bytes) -> Envelope:
    """Never raises: what cannot be read is an envelope that is put aside."""
    try:
        event = json.loads(raw_body)
        return _of(event, raw_body)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        name = f"unreadable_{hashlib.sha256(raw_body).hexdigest()[:32]}"
        return Envelope(name, raw_body, aside=UNDECODABLE + repr(error)[:200])


def _of(event: dict[str, Any], raw_body: bytes) -> Envelope:
    event_id, kind_of_event = _name(event["id"]), _name(event["type"])
    if event.get("object") == "v2.core.event":
        return Envelope(event_id, raw_body, type=kind_of_event, aside=THIN)
    about = event["data"]["object"]
    return Envelope(
        event_id,
        raw_body,
        type=kind_of_event,
        kind=_name(about["object"]),
        object_id=_name(about["id"]) if about.get("id") else None,
        created=_time(event["created"]),
        api_version=_name(event["api_version"]) if event.get("api_version") else None,
        aside=CONNECTED if event.get("account") else None,
    )


def _name(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        message = f"{value!r:.60} is no name"
        raise ValueError(message)
    return value


def _time(value: Any) -> datetime:
    if not isinstance(value, int) or not 0 <= value <= _LATEST:
        message = f"{value!r:.60} is no time"
        raise ValueError(message)
    return from_unix(value)
