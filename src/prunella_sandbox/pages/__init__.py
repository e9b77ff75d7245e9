"""Pages of the stand-in that a person clicks through; they work without JavaScript."""

from starlette.routing import Route

from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.pages.answers import answer, came_from
from prunella_sandbox.pages.bank import BankPages
from prunella_sandbox.pages.buying import BuyingPages
from prunella_sandbox.pages.checkout import CheckoutPages
from prunella_sandbox.pages.credit_notes import CreditNotePages
from prunella_sandbox.pages.home import HomePages
from prunella_sandbox.pages.invoices import InvoicePages
from prunella_sandbox.pages.letters import LetterPages
from prunella_sandbox.pages.portal import PortalPages
from prunella_sandbox.pages.portal_plans import PortalPlanPages
from prunella_sandbox.pages.receipts import ReceiptPages
from prunella_sandbox.pages.render import Pages
from prunella_sandbox.world import World

__all__ = ["page_routes"]


def page_routes(world: World, mailbox: Mailbox) -> list[Route]:
    pages = Pages(world)
    return [
        *HomePages(world, pages, mailbox).routes(),
        *LetterPages(mailbox, pages).routes(),
        *InvoicePages(world, pages).routes(),
        *BuyingPages(world, pages).routes(),
        *CheckoutPages(world, pages).routes(),
        *CreditNotePages(world, pages).routes(),
        *PortalPages(world, pages).routes(),
        *PortalPlanPages(world, pages).routes(),
        *ReceiptPages(world, pages).routes(),
        *BankPages(world, pages, answer, came_from).routes(),
    ]
