"""What follows from the customer's answer to the bank, and where the customer goes then."""

from __future__ import annotations

from prunella_sandbox.billing import intents
from prunella_sandbox.pages.bank import with_result
from prunella_sandbox.pages.invoices import hosted_invoice_path
from prunella_sandbox.pages.paying import keep_card
from prunella_sandbox.settlement import carry_on
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def answer(world: World, intent: Obj, is_approved: bool) -> Obj:  # noqa: FBT001 - the one thing the bank asks
    tried = carry_on(world, intents.answer_challenge(world, intent, ok=is_approved))
    keep_card(world, tried)
    return tried


def came_from(world: World, intent: Obj) -> str | None:
    """The page that the customer came from, or None when nobody said."""
    if intent["_return_url"]:
        return with_result(intent["_return_url"], intent)
    invoice = world.find("invoice", intent.get("_invoice"))
    return hosted_invoice_path(world, invoice) if invoice else None
