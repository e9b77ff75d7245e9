"""By when a case would be answered and solved; how many were; what is answered together."""

import re
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

from prunella import cases, people
from prunella.cases import Severity
from prunella.people import Plan
from prunella.people.zones import is_zone
from prunella.web.api.bodies import Body
from prunella.web.rendering import iso
from prunella.web.visits import call

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
    if not is_zone(name):
        raise ValueError(NO_ZONE)
    return name


Moment = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_written), AfterValidator(_near)
]
Since = Annotated[AwareDatetime, Query(), BeforeValidator(_written), AfterValidator(_near)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_real_zone)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class DueBody(Body):
    """Without a zone or a country it is the company's own, where no public holiday is known."""

    plan: Plan
    severity: Severity
    opened_at: Moment
    time_zone: Zone | None = None
    country: Country | None = None


@router.post("/due")
async def due(request: Request, body: DueBody) -> dict[str, str | None]:
    """Say by when: `…_due_at` is the contract's, `…_target_at` what we run at."""
    async with call(request) as here:
        rules = await cases.sla_rules(here.tx)
        zone = body.time_zone or await people.home_zone(here.tx)
    found = rules.due(
        body.plan,
        body.severity,
        body.opened_at,
        time_zone=zone,
        country=body.country,
    )
    return {
        "response_due_at": iso(found.response_due_at),
        "resolution_due_at": iso(found.resolution_due_at) or None,
        "response_target_at": iso(found.response_target_at),
        "resolution_target_at": iso(found.resolution_target_at) or None,
    }


@router.get("/attainment")
async def attained(request: Request, since: Since) -> dict[str, Any]:
    """How many first answers came in time, by plan, over the cases opened since then.

    `kept` and `missed` count by the contract; `aim` of a hundred should be kept.
    """
    async with call(request) as here:
        here.must_be_staff()
        found = await cases.attainment(here.tx, since=since)
    data = [asdict(one) | {"share": one.share, "reached": one.reached} for one in found]
    return {"data": data}


@router.get("/batches")
async def batched(request: Request) -> dict[str, Any]:
    """What waits to be answered together, the oldest batch first."""
    async with call(request) as here:
        here.must_be_staff()
        found = await cases.batches(here.tx)
    return {"data": [{"at": iso(one.at), "cases": list(one.cases)} for one in found]}
