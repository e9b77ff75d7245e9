"""The demo's own pages: chapters, roles, the clock. They stand in front of the real ones."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
import jwt
from babel.dates import format_datetime
from fastapi import APIRouter, Form, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from prunella.cli.demo import store
from prunella.cli.demo.product import PATH
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import from_unix, system_now
from prunella.settings import Settings

HOME_ZONE = ZoneInfo("America/Chicago")
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
JUMPS_S = {"1h": 3_600.0, "1d": 86_400.0, "3d": 259_200.0}


def demo_router(settings: Settings) -> APIRouter:
    """Build the routes below `/demo`."""
    demo = _Demo(settings)
    router = APIRouter(prefix="/demo", include_in_schema=False)
    router.add_api_route("", demo.chapters, methods=["GET"])
    router.add_api_route("/as/{customer}", demo.be_customer, methods=["GET"])
    router.add_api_route("/embed", demo.embed, methods=["GET"])
    router.add_api_route("/clock", demo.move_clock, methods=["POST"])
    router.add_api_route("/waiting", demo.waiting, methods=["GET"])
    return router


class _Demo:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._templates = Environment(
            loader=PackageLoader("prunella.cli.demo"), autoescape=True, undefined=StrictUndefined
        )

    async def chapters(self, request: Request) -> HTMLResponse:
        """Show the chapters, who one can be, and what time it is at the company."""
        residents = self._residents()
        clock = await self._clock()
        page = self._templates.get_template("demo.html").render(
            static=request.app.state.site.pages.static,
            by_state={resident["state"]: resident for resident in reversed(residents)},
            named={resident["name"]: resident for resident in residents},
            residents=residents,
            now=_in_words(from_unix(clock["now"])),
            next=_next_in_words(clock.get("next")),
            mailbox=f"{self._settings.stripe_api_base}/mailbox",
            admin_token=_secret(self._settings.admin_token),
        )
        return HTMLResponse(page)

    async def be_customer(self, customer: str) -> Response:
        """Sign in as the company's own product would: with a token of its own making."""
        claims = {"sub": customer, "exp": system_now() + SIGNED_IN_FOR, "role": "owner"}
        key = self._settings.customer_jwt_secret[0].get_secret_value()
        token = jwt.encode(claims, key, algorithm="HS256")
        return RedirectResponse(f"/billing?token={quote(token)}", status_code=303)

    async def embed(self) -> Response:
        """Go to the company's own product, where the meter stands in a frame."""
        red = [one for one in self._residents() if one["state"] == "insufficient_funds"]
        shown = next(iter(red or self._residents()), {"id": ""})
        address = f"{self._settings.embed_origins[0]}{PATH}?as={quote(shown['id'])}"
        return RedirectResponse(address, status_code=303)

    async def move_clock(self, jump: Annotated[str, Form()]) -> Response:
        seconds = JUMPS_S.get(jump) or await self._until_next()
        await self._sandbox("POST", "/_sandbox/clock", json={"advance_seconds": seconds})
        return RedirectResponse("/demo#clock", status_code=303)

    async def waiting(self, request: Request) -> JSONResponse:
        """Count what has happened at Stripe but has not been taken in yet."""
        async with request.app.state.site.rooms.house.transaction(SYSTEM) as tx:
            return JSONResponse({"waiting": await store.waiting(tx)})

    async def _until_next(self) -> float:
        clock = await self._clock()
        following = clock.get("next")
        return max(1.0, following["at"] - clock["now"] + 1.0) if following else JUMPS_S["1h"]

    async def _clock(self) -> dict[str, Any]:
        clock: dict[str, Any] = await self._sandbox("GET", "/_sandbox/clock")
        return clock

    async def _sandbox(self, method: str, path: str, **request: Any) -> Any:
        async with httpx.AsyncClient(base_url=self._settings.stripe_api_base, timeout=60) as client:
            return (await client.request(method, path, **request)).raise_for_status().json()

    def _residents(self) -> list[dict[str, Any]]:
        path = Path(self._settings.data_dir) / "company.json"
        residents: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
        return residents


def _in_words(at: datetime) -> str:
    return str(format_datetime(at.astimezone(HOME_ZONE), "EEE d MMMM, HH:mm", locale="en"))


def _next_in_words(following: dict[str, Any] | None) -> str:
    if following is None:
        return "Nothing is due."
    what = NEXT_IN_WORDS.get(following["what"], "something falls due")
    return f"Next: {_in_words(from_unix(following['at']))}, {what}."


def _secret(secret: Any) -> str:
    return str(secret.get_secret_value()) if secret else ""
