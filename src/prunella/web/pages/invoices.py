"""Invoices at Stripe: always by an address that was read just now, and is kept nowhere."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from prunella import mirror, people
from prunella.connectors.stripe import StripeProblem
from prunella.connectors.stripe.reads import Link
from prunella.people import links
from prunella.people.links import BadLinkError
from prunella.tiers.selfheal.forward import PURPOSE
from prunella.web.errors import NotFoundError, StripeAwayError
from prunella.web.site import Site, site_of
from prunella.web.visits import DOOR, visit

router = APIRouter()


@router.get("/billing/invoices/{invoice}/pdf")
async def pdf(request: Request, invoice: str) -> Response:
    async with visit(request) as here:
        known = await mirror.get(here.tx, invoice)
        if known is None or known.kind != "invoice" or known.deleted:
            raise NotFoundError
        if known.customer is None or known.customer != here.customer.stripe_customer:
            raise NotFoundError
    return _go((await _fresh(site_of(request), invoice)).pdf)


@router.get("/l/i/{token}")
async def from_colleagues_mail(request: Request, token: str) -> Response:
    """Lead to the one invoice that the letter is about; nothing else opens by it."""
    site = site_of(request)
    async with site.rooms.house.transaction(DOOR) as tx:
        link = await links.read(tx, token)
        customer = await people.find_customer(tx, link.customer)
        known = await mirror.get(tx, link.subject)
    if link.purpose != PURPOSE or customer is None or known is None:
        raise BadLinkError
    if known.customer is None or known.customer != customer.stripe_customer:
        raise BadLinkError
    return _go((await _fresh(site, known.id)).url)


async def _fresh(site: Site, invoice: str) -> Link:
    try:
        found = await site.rooms.reads.fresh_invoice_link(invoice)
    except StripeProblem as problem:
        raise StripeAwayError from problem
    if found is None:
        raise NotFoundError
    return found


def _go(address: str | None) -> Response:
    if address is None:
        raise NotFoundError
    return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
