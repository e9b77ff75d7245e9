"""Macros: which there are, what one would say on a case, and using it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import Field

from prunella.cases import Macro
from prunella.web.api.bodies import Body, Text
from prunella.web.api.case_shapes import case_of, shown
from prunella.web.api.once import OptionalKey, once
from prunella.web.visits import call

router = APIRouter(tags=["cases"])
Name = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_-]+$")]
MAX_VALUES = 20
NO_VALUES: dict[str, str] = {}


class MacroBody(Body):
    """`values`: what the macro asks for, by name; besides `by` for a promise of one's own."""

    values: Annotated[dict[str, Text], Field(max_length=MAX_VALUES)] = NO_VALUES


@router.get("/v1/macros")
async def list_them(request: Request) -> dict[str, Any]:
    async with call(request) as here:
        here.must_be_staff()
        return {"data": [_json(one) for one in here.site.rooms.macros.all], "next_cursor": None}


@router.post("/v1/cases/{case}/macros/{name}/preview")
async def preview(request: Request, case: str, name: Name, body: MacroBody) -> dict[str, str]:
    """Return what it would say, in the language of the customer. Nothing is changed."""
    async with call(request) as here:
        here.must_be_able_to_work()
        found = await case_of(here, case)
        said = await here.site.rooms.macros.fill(here.tx, found, name, body.values)
        return {"reply": said.reply, "note": said.note}


@router.post("/v1/cases/{case}/macros/{name}")
async def use(
    request: Request, case: str, name: Name, body: MacroBody, key: OptionalKey
) -> dict[str, Any]:
    """Change the case and reply, all at once or not at all; returns the case as it is then."""
    async with call(request) as here:
        here.must_be_able_to_work()
        found = await case_of(here, case)

        async def do() -> dict[str, Any]:
            after = await here.site.rooms.macros.apply(here.tx, found, name, body.values)
            return {"id": after.id}

        asked = {"case": case, "macro": name, "values": body.values}
        done = await once(here, key, asked, do)
        return await shown(here, await case_of(here, done["id"]))


def _json(macro: Macro) -> dict[str, Any]:
    return {
        "name": macro.name,
        "title": macro.title,
        "replies": bool(macro.reply),
        "notes": bool(macro.note),
        "to_me": macro.to_me,
        "changes": macro.changes,
        "asks": [{"name": name, "label": label} for name, label in macro.asks.items()],
    }
