"""What another price costs, to the cent, as Stripe reckons it now."""

from collections.abc import Mapping
from typing import Any

from prunella import mirror
from prunella.connectors.stripe import StripeProblem
from prunella.connectors.stripe.errors import StripeAway
from prunella.kit.house import Tx
from prunella.web.errors import NotFoundError, StripeAwayError
from prunella.web.site import Site


async def the_item(tx: Tx, subscription: str) -> str:
    """Return the one item of a plan; one with several is changed by a person. NotFoundError."""
    raw = await mirror.get(tx, subscription)
    items = ((raw.data if raw else {}).get("items") or {}).get("data") or []
    if len(items) != 1:
        raise NotFoundError
    return str(items[0]["id"])


async def reckon(site: Site, **change: Any) -> Mapping[str, Any]:
    """Ask Stripe, outside of any transaction. Raises StripeAwayError, NotFoundError."""
    try:
        found = await site.rooms.reads.preview_change(**change)
    except StripeAway as problem:
        raise StripeAwayError from problem
    except StripeProblem as problem:
        raise NotFoundError from problem
    if found is None:
        raise NotFoundError
    return found
