"""In the portal: change a plan with its cost to the cent, end it with its period, keep it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.billing import previewing, updating
from prunella_sandbox.errors import LinkExpiredError, NotFoundError, StripeError
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.pages.money import money
from prunella_sandbox.pages.portal import after_saving, closed, portal_path
from prunella_sandbox.pages.render import Pages, day, go
from prunella_sandbox.params import Params
from prunella_sandbox.resources import item_changes, subscriptions
from prunella_sandbox.resources.portal_sessions import of_token
from prunella_sandbox.resources.subscription_params import ENDED
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

BEHAVIOR = "create_prorations"
MAX_PRICES = 50


@dataclass(frozen=True)
class PortalPlanPages:
    world: World
    pages: Pages

    def routes(self) -> list[Route]:
        path = "/p/session/{token}/{subscription}"
        return [
            Route(f"{path}/change", self.choose, methods=["GET"]),
            Route(f"{path}/change", self.change, methods=["POST"]),
            Route(f"{path}/cancel", self.ask, methods=["GET"]),
            Route(f"{path}/cancel", self.cancel, methods=["POST"]),
            Route(f"{path}/keep", self.keep, methods=["POST"]),
        ]

    async def choose(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return closed(self.pages)
        return self._choices(*found, price=request.query_params.get("price"))

    async def change(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return closed(self.pages)
        session, subscription = found
        price = str((await request.form()).get("price", ""))
        try:
            with self.world.transaction(), in_time_of(self.world, session):
                change = change_to(self.world, subscription, price)
                updating.change_subscription(self.world, subscription, change)
        except StripeError as error:
            return self._choices(session, subscription, price=None, wrong=error.message)
        return go(after_saving(session, said="plan"))

    async def ask(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return closed(self.pages)
        session, subscription = found
        ends = subscription["items"]["data"][0]["current_period_end"]
        return self.pages.show(
            "portal_cancel.html",
            name=_name(self.world, subscription),
            until=day(ends),
            here=portal_path(session["_token"]),
        )

    async def cancel(self, request: Request) -> Response:
        return self._set_end(request, ends=True)

    async def keep(self, request: Request) -> Response:
        return self._set_end(request, ends=False)

    def _set_end(self, request: Request, *, ends: bool) -> Response:
        found = self._find(request)
        if found is None:
            return closed(self.pages)
        session, subscription = found
        wish = Params({"cancel_at_period_end": "true" if ends else "false"})
        with self.world.transaction(), in_time_of(self.world, session):
            subscriptions.update(self.world, wish, subscription=subscription["id"])
        return go(after_saving(session, said="ending" if ends else "kept"))

    def _find(self, request: Request) -> tuple[Obj, Obj] | None:
        """Find the session and the running subscription, if it is that customer's."""
        try:
            session = of_token(self.world, request.path_params["token"])
        except (NotFoundError, LinkExpiredError):
            return None
        found = self.world.find("subscription", request.path_params["subscription"])
        if found is None or found["customer"] != session["customer"] or found["status"] in ENDED:
            return None
        return session, found

    def _choices(
        self, session: Obj, subscription: Obj, *, price: str | None, wrong: str = ""
    ) -> Response:
        chosen = self.world.find("price", price)
        with self.world.transaction(), in_time_of(self.world, session):
            cost = cost_of(self.world, subscription, chosen) if chosen else None
        return self.pages.show(
            "portal_change.html",
            status=402 if wrong else 200,
            chosen=price_row(self.world, chosen) if chosen else None,
            cost=cost,
            here=portal_path(session["_token"]),
            name=_name(self.world, subscription),
            prices=[price_row(self.world, one) for one in choices(self.world, subscription)],
            wrong=wrong,
        )


def choices(world: World, subscription: Obj) -> list[Obj]:
    """The prices that the first item could have instead; they bill as it does."""
    now = subscription["items"]["data"][0]["price"]
    fitting = [
        price
        for price in world.newest_first("price")
        if price["active"]
        and price["id"] != now["id"]
        and price["currency"] == now["currency"]
        and price["recurring"]
        and price["recurring"]["interval"] == now["recurring"]["interval"]
        and price["recurring"]["usage_type"] == "licensed"
        and price["unit_amount"]
    ]
    return sorted(fitting[:MAX_PRICES], key=lambda price: int(price["unit_amount"]))


def change_to(world: World, subscription: Obj, price: str) -> updating.Change:
    """Word the change of the first item to a price as the API reads it.

    Raises:
        NotFoundError: there is no such price.
    """
    item = {"id": subscription["items"]["data"][0]["id"], "price": price}
    wish = Params({"proration_behavior": BEHAVIOR})
    items = item_changes.changed_items(world, [Params(item)], subscription)
    return item_changes.read_change(world, wish, fields={"items": items})


def cost_of(world: World, subscription: Obj, price: Obj) -> dict[str, str]:
    change = change_to(world, subscription, price["id"])
    preview = previewing.next_invoice(world, subscription, change)
    at = preview["next_payment_attempt"] or preview["created"]
    return {"amount": money(preview["amount_due"], preview["currency"]), "at": day(at)}


def price_row(world: World, price: Obj) -> dict[str, str]:
    amount = money(price["unit_amount"], price["currency"])
    product = world.need("product", price["product"])
    every = price["recurring"]["interval"]
    return {"id": price["id"], "name": product["name"], "amount": f"{amount} a {every}"}


def _name(world: World, subscription: Obj) -> str:
    price = subscription["items"]["data"][0]["price"]
    return str(world.need("product", price["product"])["name"])
