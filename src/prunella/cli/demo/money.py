"""The chapters about money: who decided, what survives, what was forged, what a limit changes."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from babel.dates import format_datetime
from fastapi import APIRouter, Request
from jinja2 import Environment
from starlette.responses import HTMLResponse, JSONResponse, Response

from prunella import actions, people
from prunella.actions import Action, Policy, Step
from prunella.actions.replay import replay
from prunella.cli.demo.asking import Asking
from prunella.cli.demo.colleagues import HOME_ZONE
from prunella.cli.demo.day import Day
from prunella.cli.demo.forge import Forgery
from prunella.cli.demo.plug import WORKER, Plug
from prunella.cli.demo.residents import residents_in
from prunella.cli.demo.rules import OtherRules
from prunella.cli.demo.sitting import rooms_of, see, sit_down
from prunella.cli.demo.standin import StandIn
from prunella.cli.demo.twice import Twice
from prunella.cli.policy import page as report
from prunella.kit.actor import SYSTEM
from prunella.kit.money import Money
from prunella.people import tokens
from prunella.settings import Settings

A_MONTH = timedelta(days=31)
PLACES = {
    "cases": "/desk",
    "approvals": "/desk/approvals",
    "limits": "/desk/limits",
    "audit": "/desk/audit",
    "scoreboard": "/scoreboard",
}
SHAPES = {"succeeded": "", "unknown": "warn", "failed": "bad", "awaiting_approval": "warn"}
STEPS = {
    "requested": ("Asked for", "With a key of its own, stored before anything is sent."),
    "approved": ("Allowed", "By the rules, in the transaction that recorded it."),
    "submitting": ("Sent to Stripe", "Stripe does it, and keeps its answer back."),
    "unknown": ("Unknown", "Whoever waited for the answer is gone. It is not sent again."),
    "succeeded": ("Found at Stripe", "It was done, once. Nothing is left open."),
    "failed": ("Not done", "Stripe says that nothing went back."),
    "awaiting_approval": ("Waits for a person", "Everything automatic is stopped."),
}


def money_router(settings: Settings, templates: Environment) -> APIRouter:
    """Build those routes below `/demo` that are about money."""
    pages = _Money(settings, templates)
    router = APIRouter(prefix="/demo", include_in_schema=False)
    router.add_api_route("/desk/{place}", pages.at_desk, methods=["GET"])
    router.add_api_route("/decided/{customer}", pages.decided, methods=["GET"])
    router.add_api_route("/action/{action}", pages.action, methods=["GET"])
    router.add_api_route("/morning", pages.morning, methods=["POST"])
    router.add_api_route("/plug", pages.pull, methods=["POST"])
    router.add_api_route("/plug", pages.nothing_pulled, methods=["GET"])
    router.add_api_route("/plug/{action}", pages.pulled, methods=["GET"])
    router.add_api_route("/twice", pages.send_twice, methods=["POST"])
    router.add_api_route("/audit", pages.log, methods=["GET"])
    router.add_api_route("/audit/forge", pages.forge, methods=["POST"])
    router.add_api_route("/audit/repair", pages.repair, methods=["POST"])
    router.add_api_route("/limit", pages.limit, methods=["GET"])
    return router


class _Money:
    def __init__(self, settings: Settings, templates: Environment) -> None:
        self._settings = settings
        self._standin = StandIn(settings)
        self._forgery = Forgery(settings)
        self._rules = OtherRules(content=settings.content_dir, folder=settings.data_dir)
        self._templates = templates

    async def at_desk(self, request: Request, place: str) -> Response:
        """Sit down at the desk as the operator, where the chapter goes on."""
        return await self._sit_down(request, PLACES.get(place, PLACES["cases"]))

    async def decided(self, request: Request, customer: str) -> Response:
        """Lead to what was last done for this customer, with the rules that decided."""
        async with rooms_of(request).house.transaction(SYSTEM) as tx:
            known = await people.find_customer(tx, customer)
            found = await actions.of_customer(tx, known.id, limit=1) if known else []
        place = f"actions/{found[0].id}" if found else f"customers/{quote(customer)}"
        return await self._sit_down(request, f"/desk/{place}")

    async def action(self, request: Request, action: str) -> Response:
        return await self._sit_down(request, f"/desk/actions/{quote(action)}")

    async def morning(self, request: Request) -> JSONResponse:
        """Have everything that the chapters stand on: decisions, and other rules for them."""
        await asyncio.to_thread(self._rules.read)
        await Day(rooms_of(request), residents_in(self._settings)).begin()
        return JSONResponse({"asked": await self._asking(request).this_morning()})

    async def pull(self, request: Request) -> Response:
        worker = self._settings.data_dir / WORKER
        plug = Plug(self._standin, self._asking(request), worker)
        action = await plug.pull()
        return see(f"/demo/plug/{action}" if action else "/demo/plug")

    async def nothing_pulled(self, request: Request) -> Response:
        return self._page(request, "plug.html", steps=[], action=None)

    async def pulled(self, request: Request, action: str) -> Response:
        async with rooms_of(request).house.transaction(SYSTEM) as tx:
            found = await actions.get(tx, action)
            steps = await actions.steps(tx, action)
        if found is None:
            return see("/demo#plug")
        done = await self._standin.refunds(found.target)
        return self._page(
            request,
            "plug.html",
            action=found,
            steps=[_step(one) for one in steps],
            lost=any(one.state == "unknown" for one in steps),
            amount=_amount(found),
            count=len(done),
        )

    async def send_twice(self, request: Request) -> Response:
        sent = await Twice(self._standin, self._asking(request)).send()
        amount = _amount(sent.action) if sent else ""
        return self._page(request, "twice.html", sent=sent, amount=amount)

    async def log(self, request: Request) -> Response:
        return self._page(request, "log.html", found=await self._forgery.look())

    async def forge(self) -> Response:
        await self._forgery.forge()
        return see("/demo/audit")

    async def repair(self) -> Response:
        await self._forgery.repair()
        return see("/demo/audit")

    async def limit(self, request: Request) -> HTMLResponse:
        """Judge what was decided so far by a lower limit, as `prunella policy replay` does."""
        other = await asyncio.to_thread(self._rules.read)
        async with rooms_of(request).house.transaction(SYSTEM) as tx:
            since = tx.now - A_MONTH
            found = await replay(tx, Policy.read(other), since=since)
        sheet = request.app.state.site.pages.static["prunella.css"]
        return HTMLResponse(
            report(found, other=other, since=since, sheet=sheet, back="/demo#limit")
        )

    async def _sit_down(self, request: Request, address: str) -> Response:
        admin = self._settings.admin_token.get_secret_value() if self._settings.admin_token else ""
        async with rooms_of(request).house.transaction(SYSTEM) as tx:
            actor = await tokens.of_bearer(tx, admin, admin_token=admin)
        return await sit_down(request, actor, address)

    def _asking(self, request: Request) -> Asking:
        rooms = rooms_of(request)
        return Asking(rooms.house, rooms.door, residents_in(self._settings))

    def _page(self, request: Request, name: str, **context: Any) -> HTMLResponse:
        static = request.app.state.site.pages.static
        return HTMLResponse(self._templates.get_template(name).render(static=static, **context))


def _step(step: Step) -> dict[str, str]:
    title, text = STEPS.get(step.state, (step.state, ""))
    at = step.at.astimezone(HOME_ZONE)
    when = str(format_datetime(at, "HH:mm:ss", locale="en"))
    return {"shape": SHAPES.get(step.state, ""), "when": when, "title": title, "text": text}


def _amount(action: Action) -> str:
    return Money(action.amount or 0, action.currency or "").format("en_US")
