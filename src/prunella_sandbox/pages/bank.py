"""The stand-in for the customer's bank: was that you?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.pages.card_form import Problem
from prunella_sandbox.pages.money import money
from prunella_sandbox.pages.render import Pages, go
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

Answer = Callable[[World, Obj, bool], Obj]
Home = Callable[[World, Obj], str | None]


def challenge_path(intent: Obj) -> str:
    return f"/authenticate/{intent['id']}?{urlencode({'secret': intent['client_secret']})}"


def with_result(address: str, intent: Obj) -> str:
    """Stripe adds the intent and how it went to the address the customer comes back to."""
    kind = intent["object"]
    result = {
        kind: intent["id"],
        f"{kind}_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if intent["status"] == "succeeded" else "failed",
    }
    parts = urlsplit(address)
    query = "&".join(filter(None, [parts.query, urlencode(result)]))
    return urlunsplit(parts._replace(query=query))


def not_confirmed(request: Request) -> Problem | None:
    """What to say to a customer who comes back from the bank and has said no."""
    if "refused" not in request.query_params:
        return None
    text = "Nothing was taken. Use another card, or try this one again."
    return Problem("You did not confirm it with your bank", text)


@dataclass(frozen=True)
class BankPages:
    """`answer` carries the answer on, `came_from` tells where the customer goes back to."""

    world: World
    pages: Pages
    answer: Answer
    came_from: Home

    def routes(self) -> list[Route]:
        return [
            Route("/authenticate/{intent}", self.ask, methods=["GET"]),
            Route("/authenticate/{intent}", self.hear, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        intent = self._intent(request)
        if intent is None:
            return self._nothing_to_confirm(status=404)
        if intent["status"] != "requires_action":
            return self._back(intent)
        question = self._question(intent)
        return self.pages.show("bank.html", question=question)

    async def hear(self, request: Request) -> Response:
        intent = self._intent(request)
        if intent is None:
            return self._nothing_to_confirm(status=404)
        if intent["status"] == "requires_action":
            is_approved = (await request.form()).get("answer") == "approve"
            with self.world.transaction():
                self.answer(self.world, intent, is_approved)
        return self._back(self.world.fresh(intent))

    def _intent(self, request: Request) -> Obj | None:
        intent_id = request.path_params["intent"]
        kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
        intent = self.world.find(kind, intent_id)
        secret = request.query_params.get("secret")
        return intent if intent and intent["client_secret"] == secret else None

    def _question(self, intent: Obj) -> str:
        method = self.world.find("payment_method", intent["payment_method"]) or {}
        last4 = method.get("card", {}).get("last4", "")
        if intent["object"] == "setup_intent":
            return f"{self.pages.company} wants to store your card ending {last4}."
        amount = money(intent["amount"], intent["currency"])
        return f"{self.pages.company} wants {amount} from your card ending {last4}."

    def _back(self, intent: Obj) -> Response:
        home = self.came_from(self.world, intent)
        if home:
            return go(home)
        return self._nothing_to_confirm(status=200)

    def _nothing_to_confirm(self, *, status: int) -> Response:
        return self.pages.show(
            "notice.html",
            status=status,
            state="ok" if status == 200 else "warn",  # noqa: PLR2004 - HTTP
            word="Done" if status == 200 else "Not here",  # noqa: PLR2004 - HTTP
            heading="There is nothing to confirm",
            lead="You can close this page.",
            address=None,
        )
