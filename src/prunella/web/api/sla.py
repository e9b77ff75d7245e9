"""By when a case would be answered and solved."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from prunella import cases
from prunella.cases import Case, Clocks, Due, Severity
from prunella.people import Plan
from prunella.people.zones import HOME_ZONE, zone_of
from prunella.web.api.bodies import Body
from prunella.web.rendering import iso
from prunella.web.visits import Call, call

router = APIRouter(prefix="/v1/sla", tags=["sla"])

YEARS = range(1970, 2200)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
NO_TIME = "is no time with an offset: write it like 2026-11-20T16:30:00+01:00"
NO_YEAR = "lies too far away: use a year from 1970 to 2199"
NO_ZONE = "is no time zone: use a name like Europe/Berlin"


def _written(value: Any) -> str:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError(NO_TIME)
    return value


def _near(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError(NO_YEAR)
    return moment


def _real_zone(name: str) -> str:
    if zone_of(name, None, None) is None:
        raise ValueError(NO_ZONE)
    return name


Moment = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_written), AfterValidator(_near)
]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_real_zone)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class DueBody(Body):
    """Without a zone or a country it is the company's own, where no public holiday is known."""

    plan: Plan
    severity: Severity
    opened_at: Moment
    time_zone: Zone = HOME_ZONE
    country: Country | None = None


@router.post("/due")
async def due(request: Request, body: DueBody) -> dict[str, str | None]:
    """Say by when: `…_due_at` is the contract's, `…_target_at` what we run at."""
    async with call(request) as here:
        rules = await cases.sla_rules(here.tx)
    found = rules.due(
        body.plan,
        body.severity,
        body.opened_at,
        time_zone=body.time_zone,
        country=body.country,
    )
    return _contract(found) | _targets(found)


async def sla_of(here: Call, found: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Return the deadlines of cases: the contract's for customers, our own besides for staff."""
    known = await cases.clocks_of(here.tx, [case.id for case in found])
    return {case.id: _shown(case, known.get(case.id), here) for case in found}


def _shown(case: Case, clocks: Clocks | None, here: Call) -> dict[str, Any]:
    if clocks is None:  # opened before there were clocks, and not touched since
        told = {"response_due_at": iso(case.promised_at), "resolution_due_at": None}
        return told | {"responded_at": iso(case.answered_at) or None, "paused_at": None}
    shown: dict[str, Any] = _contract(clocks) | {
        "responded_at": iso(clocks.responded_at) or None,
        "resolved_at": iso(clocks.resolved_at) or None,
        "paused_at": iso(clocks.paused_at) or None,
    }
    return shown if here.own else shown | _targets(clocks) | _watched(clocks)


def _contract(moments: Due | Clocks) -> dict[str, str | None]:
    return {
        "response_due_at": iso(moments.response_due_at),
        "resolution_due_at": iso(moments.resolution_due_at) or None,
    }


def _targets(moments: Due | Clocks) -> dict[str, str | None]:
    return {
        "response_target_at": iso(moments.response_target_at),
        "resolution_target_at": iso(moments.resolution_target_at) or None,
    }


def _watched(clocks: Clocks) -> dict[str, Any]:
    """`due_at` is the next deadline that we run at; what was warned of, and what was missed."""
    return {
        "due_at": iso(clocks.due_at()) or None,
        "batch_at": iso(clocks.batch_at) or None,
        "warned": list(clocks.warned),
        "breached": list(clocks.breached),
    }
