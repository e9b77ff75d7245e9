"""What exactly was asked for, besides an amount and what it is about. Pure."""

from collections.abc import Iterator

from prunella.actions import Action
from prunella.actions.details import FIELDS, PLAIN
from prunella.web.views.saying import Saying

_SHOWN = (*FIELDS, "how", "price", "payment_method")


def exactly(action: Action, saying: Saying) -> Iterator[tuple[str, str]]:
    """What our own pages alone say of it, such as where to come back to, is left out."""
    say, texts = saying.say, saying.words.texts
    for name in _SHOWN:
        value = action.params.get(name)
        if value is None:
            continue
        if name in PLAIN or name == "tax_id":
            yield say(f"page.choose.details.{name}"), value or say("page.do.emptied")
        elif f"page.do.{name}_{value}" in texts:
            yield say(f"page.do.{name}"), say(f"page.do.{name}_{value}")
        elif name == "tax_type" and f"page.choose.tax.{value}" in texts:
            yield say("page.choose.details.tax_type"), say(f"page.choose.tax.{value}")
        elif name in {"price", "payment_method"}:
            yield say(f"page.do.{name}"), value
