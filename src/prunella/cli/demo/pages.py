"""The demo's own pages: chapters, roles, the clock. They stand in front of the real ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import jwt
from babel.dates import format_datetime
from fastapi import APIRouter, Form, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from prunella import mirror
from prunella.cli.demo import store
from prunella.cli.demo.causes import shown
from prunella.cli.demo.colleagues import HOME_ZONE
from prunella.cli.demo.day import pressing_in, writer_in
from prunella.cli.demo.desk import desk_router
from prunella.cli.demo.money import money_router
from prunella.cli.demo.plan import SETTINGS
from prunella.cli.demo.plug import WORKER
from prunella.cli.demo.product import PATH
from prunella.cli.demo.residents import Resident, residents_in
from prunella.cli.demo.rules import FOLDER
from prunella.cli.demo.standin import StandIn
from prunella.cli.demo.travel import Travel
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import from_unix, system_now
from prunella.settings import Settings
from prunella_sandbox.company import BEGINS, LIVES_AT

SIGNED_IN_FOR = timedelta(hours=12)
NEXT_IN_WORDS = {
    "renew": "a plan renews",
    "retry": "a card is tried again",
    "session": "a payment page closes",
    "incomplete": "a first payment lapses",
    "finalize": "an invoice goes out",
    "refund": "a refund arrives",
    "overdue": "an invoice is overdue",
}
LOOKS_AGAIN_S = "3"
"""How often a browser looks again while the company is being brought to life."""
NORTHBECK, ALDER_LANE = "Northbeck Outfitters", "Alder Lane Grocers"


def demo_router(settings: Settings) -> APIRouter:
    """Build the routes below `/demo`."""
    templates = Environment(
        loader=PackageLoader("prunella.cli.demo"), autoescape=True, undefined=StrictUndefined
    )
    demo = _Demo(settings, templates)
    router = APIRouter(prefix="/demo", include_in_schema=False)
    router.add_api_route("", demo.chapters, methods=["GET"])
    router.add_api_route("/as/{customer}", demo.be_customer, methods=["GET"])
    router.add_api_route("/embed", demo.embed, methods=["GET"])
    router.add_api_route("/clock", demo.move_clock, methods=["POST"])
    router.add_api_route("/paid", demo.until_paid, methods=["POST"])
    router.add_api_route("/forget", demo.forget, methods=["POST"])
    router.add_api_route("/sync", demo.sync, methods=["POST"])
    router.add_api_route("/waiting", demo.waiting, methods=["GET"])
    whole = APIRouter(include_in_schema=False)
    whole.include_router(router)
    whole.include_router(money_router(settings, templates))
    whole.include_router(desk_router(settings))
    return whole


class _Demo:
    def __init__(self, settings: Settings, templates: Environment) -> None:
        self._settings = settings
        self._standin = StandIn(settings)
        self._templates = templates

    async def chapters(self, request: Request) -> HTMLResponse:
        """Show the chapters, who one can be, and what time it is at the company."""
        residents = residents_in(self._settings)
        clock = await self._standin.clock()
        now = from_unix(clock["now"])
        page = self._templates.get_template("demo.html").render(
            static=request.app.state.site.pages.static,
            by_state={resident["state"]: resident for resident in reversed(residents)},
            named={resident["name"]: resident for resident in residents},
            residents=residents,
            groups=list(shown(residents)),
            slow=_slow_payer(residents),
            calm=_calm(residents),
            forgotten=_forgotten(residents),
            writer=writer_in(residents),
            pressing=pressing_in(residents),
            next_door=_next_door(self._settings),
            files=_files(self._settings),
            now=_in_words(now),
            day=day_of(now),
            days=day_of(LIVES_AT),
            next=_next_in_words(clock.get("next")),
            mailbox=f"{self._settings.stripe_api_base}/mailbox",
        )
        return HTMLResponse(page, headers={} if residents else {"refresh": LOOKS_AGAIN_S})

    async def be_customer(self, customer: str) -> Response:
        """Sign in as the company's own product would: with a token of its own making."""
        claims = {"sub": customer, "exp": system_now() + SIGNED_IN_FOR, "role": "owner"}
        key = self._settings.customer_jwt_secret[0].get_secret_value()
        token = jwt.encode(claims, key, algorithm="HS256")
        return RedirectResponse(f"/billing?token={quote(token)}", status_code=303)

    async def embed(self) -> Response:
        """Go to the company's own product, where the meter stands in a frame."""
        residents = residents_in(self._settings)
        red = [one for one in residents if one["state"] == "insufficient_funds"]
        shown = next(iter(red or residents), {"id": ""})
        address = f"{self._settings.embed_origins[0]}{PATH}?as={quote(shown['id'])}"
        return RedirectResponse(address, status_code=303)

    async def move_clock(self, request: Request, jump: Annotated[str, Form()]) -> Response:
        await self._travel(request).pass_by(jump)
        return RedirectResponse("/demo#clock", status_code=303)

    async def until_paid(self, request: Request, customer: Annotated[str, Form()]) -> Response:
        await self._travel(request).until_paid(customer)
        return RedirectResponse("/demo#recovery", status_code=303)

    async def forget(self, request: Request, customer: Annotated[str, Form()]) -> Response:
        """Have the company's own system forget somebody, hear of it, and come in as them."""
        await self._standin.switch_off(customer)
        await request.app.state.site.rooms.readings.read(customer)
        return RedirectResponse(f"/demo/as/{quote(customer)}", status_code=303)

    async def sync(self, request: Request) -> Response:
        """Read what happened before anybody listened, as `prunella sync` does."""
        rooms = request.app.state.site.rooms
        done = await mirror.sync(rooms.house, rooms.reads)
        return JSONResponse({"read": done.done})

    async def waiting(self, request: Request) -> JSONResponse:
        """Count what has happened at Stripe but has not been taken in yet."""
        async with request.app.state.site.rooms.house.transaction(SYSTEM) as tx:
            return JSONResponse({"waiting": await store.waiting(tx)})

    def _travel(self, request: Request) -> Travel:
        return Travel(self._standin, request.app.state.site.rooms.house)


def day_of(moment: datetime) -> int:
    """Count the company's days, the first of them as 1. Pure."""
    return (moment.astimezone(HOME_ZONE).date() - BEGINS.astimezone(HOME_ZONE).date()).days + 1


def _slow_payer(residents: Sequence[Resident]) -> Resident | None:
    """Somebody with too little money on the card, besides the one of the first chapter."""
    poor = (one for one in residents if one["state"] == "insufficient_funds")
    return next((one for one in poor if one["name"] != NORTHBECK), None)


def _calm(residents: Sequence[Resident]) -> Resident | None:
    """Somebody who is well, besides the one who asks first and those who asked this morning."""
    well = (one for one in reversed(residents) if one["state"] == "healthy")
    return next((one for one in well if one["currency"] == "usd"), None)


def _forgotten(residents: Sequence[Resident]) -> Resident | None:
    """Somebody who pays for a plan and is well, besides those of the other chapters."""
    others = {ALDER_LANE, (_calm(residents) or {"name": ""})["name"]}
    well = (one for one in residents if one["state"] == "healthy" and one["plan"] != "free")
    return next((one for one in well if one["name"] not in others), None)


def _next_door(settings: Settings) -> str:
    """The same desk under another name, where a browser keeps a second person signed in."""
    return settings.public_url.replace("127.0.0.1", "localhost")


def _files(settings: Settings) -> dict[str, str]:
    """Where a terminal finds them, as it would be typed beside the demo."""
    folder, here = settings.data_dir, Path.cwd()
    near = folder.relative_to(here) if folder.is_relative_to(here) else folder
    return {
        "settings": str(near / SETTINGS),
        "worker": str(near / WORKER),
        "content": str(near / FOLDER),
    }


def _in_words(at: datetime) -> str:
    return str(format_datetime(at.astimezone(HOME_ZONE), "EEE d MMMM, HH:mm", locale="en"))


def _next_in_words(following: dict[str, Any] | None) -> str:
    if following is None:
        return "Nothing is due."
    what = NEXT_IN_WORDS.get(following["what"], "something falls due")
    return f"Next: {_in_words(from_unix(following['at']))}, {what}."
