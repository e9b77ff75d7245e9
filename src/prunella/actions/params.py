"""What belongs to each kind of action beside target, amount and reason. Pure.

The one table of it: the door checks requests by it, and the contract tells programs of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from prunella.actions.action import ActionRequest, BadRequestError
from prunella.actions.details import FIELDS, TAX_IDS

MAX_PARAM = 200
OURS = frozenset({"run", "off_session", "return_path"})
"""Said by our own pages and plans alone: where to come back to, and on whose behalf it goes on."""


@dataclass(frozen=True, slots=True)
class Param:
    """`one_of`: what it may be, where that is a choice. `says` is a sentence of the contract.

    What is `needed` is asked for where the target is looked at, once it is known to be theirs.
    """

    name: str
    says: str
    needed: bool = False
    one_of: tuple[str, ...] = ()


_SAYS_OF_DETAILS: Mapping[str, str] = {
    "name": "Who is billed.",
    "email": "Where invoices go.",
    "line1": "Street and number.",
    "line2": "What else belongs to the street.",
    "city": "Town.",
    "postal_code": "Postal code.",
    "state": "State or county.",
    "country": "Two capital letters, like DE.",
    "tax_type": f"Kind of the tax id: {', '.join(sorted(TAX_IDS))}.",
    "tax_id": "Takes the place of the tax ids of its kind.",
    "tax_remove": "Anything: the tax ids of `tax_type` are taken away.",
}
_CARD = "A payment method of this customer, `pm_…`"
OF_KIND: Mapping[str, tuple[Param, ...]] = MappingProxyType(
    {
        "retry_payment": (
            Param("payment_method", f"{_CARD}, to pay with; left out, the one in place."),
        ),
        "set_payment_method": (
            Param("payment_method", f"{_CARD}; `target` is the customer or a plan.", needed=True),
        ),
        "open_portal": (
            Param("flow", "One thing to do there, in Stripe's word, like payment_method_update."),
        ),
        "open_checkout": (
            Param("mode", "Left out, a card is stored.", one_of=("setup",)),
            Param("copy_of", "A Checkout session that ran out, `cs_…`: made again."),
        ),
        "update_billing_details": tuple(Param(name, _SAYS_OF_DETAILS[name]) for name in FIELDS),
        "resume_subscription": (
            Param(
                "how",
                "Left out, as it stopped: a paused plan is resumed, one that was to end is kept "
                "or stays, payments on hold are collected.",
                one_of=("resume", "keep", "stay", "collect"),
            ),
        ),
        "change_plan": (
            Param("price", "A price that plans.toml offers.", needed=True),
            Param("item", "As `POST /v1/customers/{customer}/plan-previews` says.", needed=True),
            Param("proration_date", "As the preview says; so is `amount`.", needed=True),
        ),
        "credit_note": (
            Param(
                "how",
                "Left out, an open bill gets smaller, and of a paid one it becomes credit.",
                one_of=("reduce", "balance"),
            ),
        ),
        "cancel_subscription": (
            Param("how", "Left out, with what is paid.", one_of=("period_end", "now")),
        ),
    }
)
NAMES = frozenset(one.name for params in OF_KIND.values() for one in params)


def check_params(asked: ActionRequest) -> None:
    """Raises `BadRequestError`, which names what is not understood."""
    known = {one.name: one for one in OF_KIND.get(asked.kind, ())}
    for name, value in asked.params.items():
        if name not in known and name not in OURS:
            takes = ", ".join(known) or "nothing more"
            message = f"{name} is not understood here: {asked.kind} takes {takes}."
            raise BadRequestError(message)
        if len(value) > MAX_PARAM or "://" in value:
            message = f"{name} has at most {MAX_PARAM} letters, and holds no address."
            raise BadRequestError(message)
    for one in known.values():
        _check(asked, one)


def _check(asked: ActionRequest, param: Param) -> None:
    given = asked.params.get(param.name)
    if given == "" and param.name not in FIELDS:
        message = f"{param.name} is empty."
        raise BadRequestError(message)
    if given is not None and param.one_of and given not in param.one_of:
        message = f"{param.name} is one of {', '.join(param.one_of)}."
        raise BadRequestError(message)


def told() -> str:
    """Return for programs what each kind takes, a line each."""
    lines = []
    for kind, params in sorted(OF_KIND.items()):
        named = (f"`{one.name}`{_choice(one)} {one.says}" for one in params)
        lines.append(f"- `{kind}`: {' '.join(named)}")
    return "\n".join(lines)


def _choice(param: Param) -> str:
    """One that is needed is told as such, and a choice with all that there is."""
    words = ["needed"] if param.needed else []
    words += [" or ".join(param.one_of)] if param.one_of else []
    return f" ({'; '.join(words)})." if words else "."
