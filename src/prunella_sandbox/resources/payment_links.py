"""Payment links: an address that opens a checkout session for whoever comes."""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import sessions
from prunella_sandbox.errors import LinkExpiredError, no_such
from prunella_sandbox.events import emit
from prunella_sandbox.links import payment_link_url
from prunella_sandbox.lists import page, paged
from prunella_sandbox.params import Params
from prunella_sandbox.resources.checkout_sessions import entry_of, read_lines
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/payment_links"
KIND = "payment_link"
SUBMITS = ("auto", "book", "donate", "pay", "subscribe")
_EMPTY = (
    "application",
    "application_fee_amount",
    "application_fee_percent",
    "consent_collection",
    "invoice_creation",
    "on_behalf_of",
    "payment_intent_data",
    "payment_method_types",
    "shipping_address_collection",
    "subscription_data",
    "transfer_data",
)


def create(world: World, params: Params) -> Obj:
    lines = read_lines(world, params)
    if not lines:
        raise params.missing(name="line_items")
    is_recurring = any(line["price"]["recurring"] for line in lines)
    token = world.new_secret(20)
    params.text("currency")
    link = world.insert(
        KIND,
        **_blank(),
        active=True,
        after_completion=_after(params),
        currency=lines[0]["currency"],
        customer_creation=params.choice("customer_creation", ("always", "if_required"))
        or ("always" if is_recurring else "if_required"),
        inactive_message=params.text("inactive_message"),
        metadata=params.metadata(),
        restrictions=_restrictions(params),
        submit_type=params.choice("submit_type", SUBMITS) or "auto",
        url=payment_link_url(world, token),
        _line_items=lines,
        _mode="subscription" if is_recurring else "payment",
        _token=token,
    )
    emit(world, "payment_link.created", link)
    return link


def _blank() -> Obj:
    texts = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return dict.fromkeys(_EMPTY) | {
        "allow_promotion_codes": False,
        "automatic_tax": {"enabled": False, "liability": None},
        "billing_address_collection": "auto",
        "custom_fields": [],
        "custom_text": dict.fromkeys(texts),
        "livemode": False,
        "payment_method_collection": "always",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "tax_id_collection": {"enabled": False, "required": "never"},
    }


def _after(params: Params) -> Obj:
    sent = params.nested("after_completion")
    kind = sent.choice("type", ("hosted_confirmation", "redirect")) or "hosted_confirmation"
    if kind == "redirect":
        return {
            "hosted_confirmation": None,
            "redirect": {"url": sent.nested("redirect").need_text("url")},
            "type": kind,
        }
    words = sent.nested("hosted_confirmation").text("custom_message")
    return {
        "hosted_confirmation": {"custom_message": words},
        "redirect": None,
        "type": kind,
    }


def _restrictions(params: Params) -> Obj | None:
    if not params.has("restrictions"):
        return None
    limit = params.nested("restrictions").nested("completed_sessions").need_integer("limit")
    return {"completed_sessions": {"count": 0, "limit": limit}}


def retrieve(world: World, _params: Params, *, payment_link: str) -> Obj:
    return world.need(KIND, payment_link)


def update(world: World, params: Params, *, payment_link: str) -> Obj:
    before = world.need(KIND, payment_link)
    changes: dict[str, Any] = params.given(params.flag, "active")
    changes |= params.given(params.text, "inactive_message")
    if params.has("after_completion"):
        changes["after_completion"] = _after(params)
    after = world.update(before, metadata=params.metadata(over=before["metadata"]), **changes)
    emit(world, "payment_link.updated", after, before=before)
    return after


def index(world: World, params: Params) -> Obj:
    active = params.flag("active")
    return page(
        world,
        KIND,
        params,
        url=URL,
        times=(),
        where=lambda link: active is None or link["active"] == active,
    )


def line_items(world: World, params: Params, *, payment_link: str) -> Obj:
    found = world.need(KIND, payment_link)
    return paged(found["_line_items"], params, url=f"{URL}/{payment_link}/line_items")


def open_session(world: World, token: str) -> Obj:
    """Open a checkout session for somebody who followed a link.

    Raises:
        NotFoundError: the address is none of ours.
        LinkExpiredError: the link is switched off, or used up.
    """
    link = next((each for each in world.newest_first(KIND) if each["_token"] == token), None)
    if link is None:
        raise no_such(kind=KIND, object_id=token, param=None)
    count = (link["restrictions"] or {}).get("completed_sessions")
    if not link["active"] or (count and count["count"] >= count["limit"]):
        words = link["inactive_message"] or "This payment link is no longer active."
        raise LinkExpiredError(message=words)
    total = sum(line["amount_total"] for line in link["_line_items"])
    return sessions.open_session(
        world,
        mode=link["_mode"],
        payment_link=link["id"],
        amount_subtotal=total,
        amount_total=total,
        currency=link["currency"],
        customer_creation=link["customer_creation"],
        metadata=link["metadata"],
        success_url=(link["after_completion"]["redirect"] or {}).get("url"),
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        _line_items=link["_line_items"],
        _entries=_entries(world, link),
        _intent_data={"metadata": {}},
    )


def _entries(world: World, link: Obj) -> list[Obj]:
    if link["_mode"] == "payment":
        return []
    return [entry_of(world, line) for line in link["_line_items"]]


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{payment_link}", retrieve),
    Route("POST", URL + "/{payment_link}", update),
    Route("GET", URL + "/{payment_link}/line_items", line_items),
)
