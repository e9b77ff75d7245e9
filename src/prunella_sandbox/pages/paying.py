"""What a form does in the world: a card is typed, tried and, where Stripe does so, kept."""

from __future__ import annotations

from prunella_sandbox.billing import collecting
from prunella_sandbox.own_time import in_time_of
from prunella_sandbox.pages.card_form import CardForm
from prunella_sandbox.params import Params
from prunella_sandbox.resources import customers, payment_methods
from prunella_sandbox.resources.payment_methods import CardEntry
from prunella_sandbox.settlement import keep_card
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World


def entry_of(card: CardForm, *, email: str = "") -> CardEntry:
    typed = card.card()
    return CardEntry(
        number=typed["number"],
        exp_month=int(typed["exp_month"]),
        exp_year=int(typed["exp_year"]),
        cvc=typed["cvc"],
        email=email or None,
    )


def pay_invoice(world: World, invoice: Obj, card: CardForm) -> Obj:
    """Try to pay an open invoice with a card that somebody typed; returns its payment intent.

    Raises:
        CardRefusedError: the card could not even be read.
    """
    with world.transaction(), in_time_of(world, invoice):
        method = payment_methods.enter_card(world, entry_of(card))
        collecting.charge(world, invoice, method=method, off_session=False, is_automatic=False)
        intent = world.need("payment_intent", invoice["_payment_intent"])
        keep_card(world, intent)
    return intent


def use_card(world: World, customer: str, method: str) -> None:
    """Charge this card from now on, wherever no subscription or invoice names its own."""
    settings = Params({"invoice_settings": {"default_payment_method": method}})
    customers.update(world, settings, customer=customer)
