"""What bills prove, where people decide about it and where they write of it."""

from prunella import actions
from prunella.actions import Action
from prunella.cases import language_of
from prunella.kit.money import Money
from prunella.people import Customer
from prunella.web.pages.desk import saying_of
from prunella.web.views.proof import overcharge_on, proof_of
from prunella.web.visits import Shift

WRITES_OF_IT = "overcharged"
"""The macro whose blanks are the figures of a bill that is proven too high."""


async def proof_for(here: Shift, action: Action, customer: Customer) -> list[tuple[str, str]]:
    """Return what the bills themselves show; nothing where the action is about something else."""
    if not actions.is_for_overcharge(action):
        return []
    facts = await here.site.rooms.diagnostics.gather(here.tx, customer)
    return proof_of(action, facts, saying_of(here))


async def figures_for(here: Shift, customer: Customer, macro: str) -> dict[str, str]:
    """Return what a macro asks for, as far as their bills prove it, as the customer reads it."""
    if macro != WRITES_OF_IT:
        return {}
    found = overcharge_on(await here.site.rooms.diagnostics.gather(here.tx, customer))
    billed = found.invoice.total if found else None
    if found is None or billed is None:
        return {}
    locale = _locale_of(here, customer)
    right = Money(billed.amount - found.over.amount, billed.currency)
    return {
        "invoice": found.invoice.number or found.invoice.id,
        "billed": billed.format(locale),
        "right": right.format(locale),
        "difference": found.left.format(locale),
    }


def _locale_of(here: Shift, customer: Customer) -> str:
    languages = here.site.rooms.macros.languages
    words = languages.get(language_of(customer.locale)) or here.site.rooms.diagnostics.words
    return words.locale
