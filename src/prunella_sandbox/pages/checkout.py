"""The checkout page: pay once, start a subscription, or store a card."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.billing import checkouts
from prunella_sandbox.errors import LinkExpiredError, NotFoundError, StripeError
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.pages.bank import challenge_path, not_confirmed
from prunella_sandbox.pages.bill import Item
from prunella_sandbox.pages.card_form import SUGGESTIONS, CardForm, Problem, refused
from prunella_sandbox.pages.money import money
from prunella_sandbox.pages.paying import entry_of
from prunella_sandbox.pages.render import Pages, day, go
from prunella_sandbox.resources import payment_methods
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def checkout_path(session: Obj) -> str:
    return f"/c/pay/{session['id']}"


@dataclass(frozen=True)
class CheckoutPages:
    world: World
    pages: Pages

    def routes(self) -> list[Route]:
        return [
            Route("/c/pay/{session}", self.show, methods=["GET"]),
            Route("/c/pay/{session}", self.pay, methods=["POST"]),
            Route("/c/recover/{token}", self.recover, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        session = self._session(request)
        if session is None or session["status"] != "open":
            return self._not_open(session)
        card = CardForm.suggested(request.query_params.get("card"))
        return self._checkout(session, card=card, problem=not_confirmed(request))

    async def pay(self, request: Request) -> Response:
        session = self._session(request)
        if session is None or session["status"] != "open":
            return self._not_open(session)
        form = await request.form()
        card, email = CardForm.sent(form), str(form.get("email", ""))[:200].strip()
        problem = card.problem() or self._try(session, card, email=email)
        if problem:
            return self._checkout(session, card=card, email=email, problem=problem)
        tried = self.world.fresh(session)
        if tried["status"] == "complete":
            return go(checkouts.success_url(tried) or checkout_path(tried))
        intent = intent_of(self.world, tried)
        return go(challenge_path(intent) if intent else checkout_path(tried))

    async def recover(self, request: Request) -> Response:
        try:
            with self.world.transaction():
                session = checkouts.recover(self.world, request.path_params["token"])
        except (NotFoundError, LinkExpiredError):
            return self._not_open(None)
        return go(checkout_path(session))

    def _session(self, request: Request) -> Obj | None:
        return self.world.find("checkout.session", request.path_params["session"])

    def _try(self, session: Obj, card: CardForm, *, email: str) -> Problem | None:
        try:
            with self.world.transaction(), in_time_of(self.world, session):
                method = payment_methods.enter_card(self.world, entry_of(card, email=email))
                checkouts.complete(self.world, session, method=method, email=email or None)
        except StripeError as error:
            return refused(error.code, error.message)
        return None

    def _checkout(
        self, session: Obj, *, card: CardForm, email: str = "", problem: Problem | None = None
    ) -> Response:
        return self.pages.show(
            "checkout.html",
            status=200 if problem is None else 402,
            view=CheckoutView(self.world, session, self.pages.company),
            card=card,
            email=email,
            problem=problem,
            suggestions=SUGGESTIONS,
        )

    def _not_open(self, session: Obj | None) -> Response:
        if session is None:
            return self._notice(404, "Not here", "There is no such page", "The link is not whole.")
        if session["status"] == "complete":
            lead = "Everything went through. Nothing more is taken."
            back = checkouts.success_url(session)
            return self._notice(200, "Done", "This is settled", lead, address=back, act="Go on")
        recovery = (session["after_expiration"] or {}).get("recovery") or {}
        lead = f"It was open until {day(session['expires_at'])}. Nothing was paid here."
        return self._notice(
            410,
            "Expired",
            "This page has expired",
            lead,
            address=recovery.get("url"),
            act="Open a new one",
        )

    def _notice(
        self,
        status: int,
        word: str,
        heading: str,
        lead: str,
        *,
        address: str | None = None,
        act: str = "",
    ) -> Response:
        return self.pages.show(
            "notice.html",
            status=status,
            state="ok" if status == 200 else "warn",  # noqa: PLR2004 - HTTP
            word=word,
            heading=heading,
            lead=lead,
            address=address,
            act=act,
        )


def intent_of(world: World, session: Obj) -> Obj | None:
    """The intent behind a session: its own, or that of its subscription's first invoice."""
    invoice = world.find("invoice", session["invoice"]) or {}
    return (
        world.find("setup_intent", session["setup_intent"])
        or world.find("payment_intent", session["payment_intent"])
        or world.find("payment_intent", invoice.get("_payment_intent"))
    )


def session_of(world: World, intent: Obj) -> Obj | None:
    """The session behind an intent, if there is one."""
    invoice = world.find("invoice", intent.get("_invoice")) or {}
    subscription = world.find("subscription", invoice.get("_subscription")) or {}
    name = intent["_session"] or subscription.get("_session")
    return world.find("checkout.session", name)


@dataclass(frozen=True)
class CheckoutView:
    """What the page shows of a session."""

    world: World
    session: Obj
    company: str

    @property
    def heading(self) -> str:
        if self.session["mode"] == "setup":
            return f"Store a card with {self.company}"
        verb = "Subscribe" if self.session["mode"] == "subscription" else "Pay"
        return f"{verb}: {self.total}"

    @property
    def lead(self) -> str:
        texts = {
            "setup": "Nothing is charged now.",
            "subscription": "This is charged now, and again each time the plan renews.",
            "payment": "",
        }
        return texts[self.session["mode"]]

    @property
    def button(self) -> str:
        return "Store this card" if self.session["mode"] == "setup" else f"Pay {self.total}"

    @property
    def total(self) -> str:
        return money(self.session["amount_total"] or 0, self.session["currency"] or "usd")

    @property
    def items(self) -> list[Item]:
        return [
            Item(
                text=line["description"],
                detail=f"{line['quantity']} times" if line["quantity"] > 1 else "",
                amount=money(line["amount_total"], line["currency"]),
            )
            for line in self.session["_line_items"]
        ]

    @property
    def known_email(self) -> str:
        customer = self.world.find("customer", self.session["customer"]) or {}
        return str(customer.get("email") or self.session["customer_email"] or "")

    @property
    def cancel_url(self) -> str | None:
        address: str | None = self.session["cancel_url"]
        return address
