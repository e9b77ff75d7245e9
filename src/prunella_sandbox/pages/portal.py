"""The billing portal: plans, cards, invoices; add a card, or choose the one to use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.billing import setups
from prunella_sandbox.errors import LinkExpiredError, NotFoundError, StripeError
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.pages.bank import challenge_path, not_confirmed
from prunella_sandbox.pages.bill import Bill
from prunella_sandbox.pages.card_form import SUGGESTIONS, CardForm, Problem, refused
from prunella_sandbox.pages.invoices import hosted_invoice_path
from prunella_sandbox.pages.money import money
from prunella_sandbox.pages.paying import entry_of, use_card
from prunella_sandbox.pages.render import Pages, day, go
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.resources.portal_sessions import of_token
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

MAX_INVOICES = 100
ENDED = {"canceled", "incomplete_expired"}
STATES = {
    "active": ("ok", "Active"),
    "trialing": ("ok", "Trial"),
    "past_due": ("bad", "Not paid"),
    "unpaid": ("bad", "Not paid"),
    "incomplete": ("warn", "Not started"),
    "paused": ("warn", "Paused"),
}


SAID = {
    "card": "Your card is saved",
    "ending": "Your plan ends with its period",
    "kept": "Your plan goes on",
    "plan": "Your plan is changed",
}


def portal_path(token: str, *, said: str = "") -> str:
    return f"/p/session/{token}" + (f"?all=1&saved={said}" if said else "")


@dataclass(frozen=True)
class PortalPages:
    world: World
    pages: Pages

    def routes(self) -> list[Route]:
        return [
            Route("/p/session/{token}", self.show, methods=["GET"]),
            Route("/p/session/{token}", self.save, methods=["POST"]),
            Route("/p/session/{token}/default", self.choose, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return closed(self.pages)
        asked_for = flow_path(session)
        if asked_for and "all" not in request.query_params:
            return go(asked_for)
        card = CardForm.suggested(request.query_params.get("card"))
        said = SAID.get(request.query_params.get("saved", ""), "")
        return self._portal(session, card=card, said=said, problem=not_confirmed(request))

    async def save(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return closed(self.pages)
        card = CardForm.sent(await request.form())
        setup = card.problem() or self._try(session, card)
        if isinstance(setup, Problem):
            return self._portal(session, card=card, problem=setup)
        if setup["status"] == "requires_action":
            return go(challenge_path(setup))
        return go(after_saving(session))

    async def choose(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return closed(self.pages)
        chosen = str((await request.form()).get("payment_method", ""))
        method = self.world.find("payment_method", chosen)
        if method and method["customer"] == session["customer"]:
            with self.world.transaction():
                use_card(self.world, session["customer"], method["id"])
        return go(after_saving(session))

    def _session(self, request: Request) -> Obj | None:
        try:
            return of_token(self.world, request.path_params["token"])
        except (NotFoundError, LinkExpiredError):
            return None

    def _try(self, session: Obj, card: CardForm) -> Obj | Problem:
        try:
            with self.world.transaction(), in_time_of(self.world, session):
                setup = save_card(self.world, session, card)
        except StripeError as error:
            return refused(error.code, error.message)
        wrong = setup["last_setup_error"]
        return refused(wrong.get("code"), wrong["message"]) if wrong else setup

    def _portal(
        self, session: Obj, *, card: CardForm, said: str = "", problem: Problem | None = None
    ) -> Response:
        view = PortalView(self.world, session)
        return self.pages.show(
            "portal.html",
            status=200 if problem is None else 402,
            view=view,
            card=card,
            said=said,
            problem=problem,
            suggestions=SUGGESTIONS,
        )


def closed(pages: Pages) -> Response:
    """Say that the portal is not open any more, or never was."""
    return pages.show(
        "notice.html",
        status=404,
        state="warn",
        word="Not here",
        heading="This page is no longer open",
        lead="Go back to where you came from and open your billing again.",
        address=None,
    )


def save_card(world: World, session: Obj, card: CardForm) -> Obj:
    """Store the card with the customer and use it; returns the setup intent."""
    method = payment_methods.enter_card(world, entry_of(card))
    opened = setups.open_setup(
        world, customer=session["customer"], payment_method=method["id"], _portal=session["id"]
    )
    return card_saved(world, setups.attempt(world, opened, method=method))


def card_saved(world: World, setup: Obj) -> Obj:
    """Make a card that was saved in the portal the one that is charged."""
    if setup["status"] == "succeeded" and setup.get("_portal"):
        use_card(world, setup["customer"], setup["payment_method"])
    return setup


def flow_path(session: Obj) -> str | None:
    """The page that the session was opened for, if it is one about a plan."""
    flow = session["flow"] or {}
    pages = {"subscription_cancel": "cancel", "subscription_update": "change"}
    page = pages.get(flow.get("type", ""))
    return (
        f"{portal_path(session['_token'])}/{flow[flow['type']]['subscription']}/{page}"
        if page
        else None
    )


def after_saving(session: Obj, *, said: str = "card") -> str:
    """Where the customer goes once all is saved: back, if the session was opened for that."""
    flow = session["flow"] or {}
    completion = flow.get("after_completion") or {}
    if completion.get("type") == "redirect":
        return str(completion["redirect"]["return_url"])
    return portal_path(session["_token"], said=said)


@dataclass(frozen=True)
class PortalView:
    """What the page shows of one customer."""

    world: World
    session: Obj

    @property
    def customer(self) -> Obj:
        return self.world.find("customer", self.session["customer"]) or {}

    @property
    def payer(self) -> str:
        return str(self.customer.get("name") or self.customer.get("email") or "a customer")

    @property
    def here(self) -> str:
        return portal_path(self.session["_token"])

    @property
    def return_url(self) -> str | None:
        address: str | None = self.session["return_url"]
        return address

    @property
    def only_card(self) -> bool:
        flow = self.session["flow"] or {}
        return bool(flow.get("type") == "payment_method_update")

    @property
    def cards(self) -> list[dict[str, Any]]:
        settings = self.customer.get("invoice_settings", {})
        used = settings.get("default_payment_method")
        return [
            {
                "id": method["id"],
                "last4": method["card"]["last4"],
                "text": f"{method['card']['brand'].title()} ending {method['card']['last4']}",
                "until": f"valid to {method['card']['exp_month']}/{method['card']['exp_year']}",
                "is_default": method["id"] == used,
            }
            for method in self._own("payment_method")
        ]

    @property
    def plans(self) -> list[dict[str, Any]]:
        return [
            self._plan(subscription, item)
            for subscription in self._own("subscription")
            if subscription["status"] not in ENDED
            for item in subscription["items"]["data"]
        ]

    def _plan(self, subscription: Obj, item: Obj) -> dict[str, Any]:
        price = item["price"]
        product = self.world.find("product", price["product"]) or {}
        state, word = STATES.get(subscription["status"], ("wait", subscription["status"]))
        amount = money((price["unit_amount"] or 0) * (item.get("quantity") or 1), price["currency"])
        every = price["recurring"]["interval"]
        ends = item["current_period_end"]
        text = f"{product.get('name', 'Plan')}, until {day(ends)}"
        is_first = item["id"] == subscription["items"]["data"][0]["id"]
        if subscription["cancel_at_period_end"]:
            state, word = "warn", "Ends then"
        return {
            "address": f"{self.here}/{subscription['id']}" if is_first else None,
            "amount": f"{amount} a {every}",
            "is_ending": subscription["cancel_at_period_end"],
            "name": product.get("name", "Plan"),
            "state": state,
            "text": text,
            "word": word,
        }

    @property
    def invoices(self) -> list[dict[str, Any]]:
        now = self.world.clock.now()
        bills = [Bill(invoice, now) for invoice in self._own("invoice")]
        return [
            {
                "number": bill.invoice["number"],
                "address": hosted_invoice_path(self.world, bill.invoice),
                "at": bill.invoice["created"],
                "amount": bill.total,
                "state": bill.state,
                "word": bill.word,
            }
            for bill in bills[:MAX_INVOICES]
            if bill.invoice["status"] != "draft"
        ]

    def _own(self, kind: str) -> Iterator[Obj]:
        for obj in self.world.newest_first(kind):
            if obj.get("customer") == self.session["customer"]:
                yield obj
