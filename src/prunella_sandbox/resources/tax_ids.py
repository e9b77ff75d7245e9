"""A customer's tax ids. A value whose digits are all zeros is refused, as one that does not fit."""

from __future__ import annotations

from prunella_sandbox.errors import InvalidRequestError, no_such
from prunella_sandbox.events import emit
from prunella_sandbox.lists import page
from prunella_sandbox.params import Params
from prunella_sandbox.routes import Route
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

URL = "/v1/customers/{customer}/tax_ids"
KIND = "tax_id"
WITH_COUNTRY = {"eu_vat"}
COUNTRIES = {
    "au_abn": "AU",
    "ca_bn": "CA",
    "ch_vat": "CH",
    "gb_vat": "GB",
    "in_gst": "IN",
    "jp_trn": "JP",
    "no_vat": "NO",
    "us_ein": "US",
}


def create(world: World, params: Params, *, customer: str) -> Obj:
    owner = world.need("customer", customer)
    kind, value = params.need_text("type"), params.need_text("value")
    country = value[:2] if kind in WITH_COUNTRY else COUNTRIES.get(kind)
    if country is None:
        raise params.invalid(name="type", message=f"Invalid type: '{kind}'")
    if not value.strip("0-. ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        message = f"Invalid value for {kind}."
        raise InvalidRequestError(message=message, code="tax_id_invalid", param="value")
    made = world.insert(
        KIND,
        country=country,
        customer=owner["id"],
        customer_account=None,
        livemode=False,
        owner={"customer": owner["id"], "type": "customer"},
        type=kind,
        value=value,
        verification={"status": "unavailable", "verified_address": None, "verified_name": None},
    )
    emit(world, "customer.tax_id.created", made)
    return made


def _owned(world: World, customer: str, tax_id: str) -> Obj:
    found = world.find(KIND, tax_id)
    if found is None or found["customer"] != customer:
        raise no_such(kind="tax_id", object_id=tax_id, param="id")
    return found


def retrieve(world: World, _params: Params, *, customer: str, tax_id: str) -> Obj:
    return _owned(world, customer, tax_id)


def delete(world: World, _params: Params, *, customer: str, tax_id: str) -> Obj:
    before = _owned(world, customer, tax_id)
    emit(world, "customer.tax_id.deleted", before)
    gone = {"id": tax_id, "object": KIND, "deleted": True}
    world.store.put(KIND, tax_id, gone)
    return gone


def index(world: World, params: Params, *, customer: str) -> Obj:
    world.need("customer", customer)
    url = f"/v1/customers/{customer}/tax_ids"
    return page(world, KIND, params, url=url, where=lambda one: one["customer"] == customer)


ROUTES = (
    Route("POST", URL, create),
    Route("GET", URL, index),
    Route("GET", URL + "/{tax_id}", retrieve),
    Route("DELETE", URL + "/{tax_id}", delete),
)
