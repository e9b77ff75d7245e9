"""The hosted invoice: read it, pay it with a card, keep it as a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prunella_sandbox.errors import LinkExpiredError, NotFoundError, StripeError
from prunella_sandbox.links import invoice_of_token, invoice_token
from prunella_sandbox.pages.bank import challenge_path, not_confirmed
from prunella_sandbox.pages.bill import Bill
from prunella_sandbox.pages.card_form import SUGGESTIONS, CardForm, Problem, refused
from prunella_sandbox.pages.paying import pay_invoice
from prunella_sandbox.pages.pdf import pdf
from prunella_sandbox.pages.render import Pages, go
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def hosted_invoice_path(world: World, invoice: Obj) -> str:
    return f"/i/{invoice_token(world, invoice)}"


@dataclass(frozen=True)
class InvoicePages:
    world: World
    pages: Pages

    def routes(self) -> list[Route]:
        return [
            Route("/i/{token}", self.show, methods=["GET"]),
            Route("/i/{token}", self.pay, methods=["POST"]),
            Route("/i/{token}/pdf", self.download, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        card = CardForm.suggested(request.query_params.get("card"))
        try:
            return self._invoice(request, card=card, problem=not_confirmed(request))
        except (NotFoundError, LinkExpiredError) as error:
            return self._dead_link(error)

    async def pay(self, request: Request) -> Response:
        try:
            invoice = self._invoice_of(request)
        except (NotFoundError, LinkExpiredError) as error:
            return self._dead_link(error)
        if not Bill(invoice, self.world.clock.now()).can_be_paid:
            return go(request.url.path)
        card = CardForm.sent(await request.form())
        problem = card.problem() or self._try(invoice, card)
        if problem:
            return self._invoice(request, card=card, problem=problem)
        intent = self.world.need("payment_intent", invoice["_payment_intent"])
        asked = intent["status"] == "requires_action"
        return go(challenge_path(intent) if asked else request.url.path)

    async def download(self, request: Request) -> Response:
        try:
            invoice = self._invoice_of(request)
        except (NotFoundError, LinkExpiredError) as error:
            return self._dead_link(error)
        lines = Bill(invoice, self.world.clock.now()).as_text(self.pages.company)
        name = f'attachment; filename="{invoice["number"]}.pdf"'
        headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
        return Response(pdf(lines), media_type="application/pdf", headers=headers)

    def _invoice_of(self, request: Request) -> Obj:
        return invoice_of_token(self.world, request.path_params["token"])

    def _try(self, invoice: Obj, card: CardForm) -> Problem | None:
        try:
            intent = pay_invoice(self.world, invoice, card)
        except StripeError as error:
            return refused(error.code, error.message)
        return declined(intent)

    def _invoice(
        self, request: Request, *, card: CardForm, problem: Problem | None = None
    ) -> Response:
        invoice = self._invoice_of(request)
        bill = Bill(invoice, self.world.clock.now())
        intent = self.world.find("payment_intent", invoice["_payment_intent"])
        return self.pages.show(
            "invoice.html",
            status=200 if problem is None else 402,
            bill=bill,
            card=card,
            problem=problem,
            suggestions=SUGGESTIONS,
            pdf=f"{request.url.path}/pdf",
            challenge=challenge_path(intent)
            if intent and intent["status"] == "requires_action"
            else None,
        )

    def _dead_link(self, error: StripeError) -> Response:
        is_old = isinstance(error, LinkExpiredError)
        lead = (
            "Links to an invoice end after a while. Nothing was paid here. Ask whoever sent it "
            "for a new link."
            if is_old
            else "Check that the whole link was copied."
        )
        return self.pages.show(
            "notice.html",
            status=error.status,
            state="warn",
            word="Expired" if is_old else "Not here",
            heading="This link has expired" if is_old else "There is no such invoice",
            lead=lead,
            address=None,
        )


def declined(intent: Obj) -> Problem | None:
    """What the bank said to the last try, if it said no."""
    error = intent["last_payment_error"]
    if intent["status"] != "requires_payment_method" or not error:
        return None
    return refused(error.get("code"), f"{error['message']} Nothing was paid.")
