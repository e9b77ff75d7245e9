"""What the API shows of an object: no private fields, fresh links, and what `expand` asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from prunella_sandbox.errors import InvalidParameterError
from prunella_sandbox.ids import kind_of
from prunella_sandbox.legacy_cards import as_source, is_source
from prunella_sandbox.links import hosted_invoice_url
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

Tree = dict[str, "Tree"]
MAX_DEPTH = 4


def shown(world: World, obj: Obj) -> Obj:
    """Copy the object as the outside may see it; names that begin with `_` are private."""
    public = {key: value for key, value in obj.items() if key[0] != "_"}
    if obj["object"] == "balance_transaction" and obj["available_on"] <= world.clock.now():
        public["status"] = "available"
    if obj["object"] == "invoice" and not obj.get("deleted"):
        url = hosted_invoice_url(world, obj)
        public |= {"hosted_invoice_url": url, "invoice_pdf": f"{url}/pdf" if url else None}
    return public


def list_of(items: Iterable[Obj], *, url: str, has_more: bool = False) -> Obj:
    return {"object": "list", "data": list(items), "has_more": has_more, "url": url}


def rendered(world: World, value: Any, expand: Iterable[str] = ()) -> Any:
    """Render a stored object or a list of them, with everything expanded that was asked for."""
    return _expanded(world, _public(world, value), _tree(expand))


def _public(world: World, value: Obj) -> Obj:
    if value.get("object") in {"list", "search_result"}:
        return value | {"data": [_public(world, item) for item in value["data"]]}
    return shown(world, value) if "object" in value else value


def _tree(paths: Iterable[str]) -> Tree:
    root: Tree = {}
    for path in paths:
        names = path.split(".")
        if sum(name != "data" for name in names) > MAX_DEPTH:
            raise InvalidParameterError(
                message=f"You cannot expand more than {MAX_DEPTH} levels of a property ({path}).",
                param="expand",
            )
        branch = root
        for name in names:
            branch = branch.setdefault(name, {})
    return root


def _expanded(world: World, value: Any, tree: Tree) -> Any:
    if not tree or value is None:
        return value
    if isinstance(value, list):
        return [_expanded(world, item, tree) for item in value]
    if not isinstance(value, dict):
        raise _cannot_expand(next(iter(tree)))
    changes = {name: _property(world, value, name, branch) for name, branch in tree.items()}
    return value | changes


def _property(world: World, obj: Obj, name: str, branch: Tree) -> Any:
    include = INCLUDABLE.get((str(obj.get("object")), name))
    if include:
        return _expanded(world, include(world, obj), branch)
    if name not in obj:
        raise _cannot_expand(name)
    return _expanded(world, _resolved(world, obj[name], name, has_more=bool(branch)), branch)


def _resolved(world: World, value: Any, name: str, *, has_more: bool) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [_resolved(world, item, name, has_more=has_more) for item in value]
    if not isinstance(value, str):
        if value is not None and not has_more and "object" not in value:
            raise _cannot_expand(name)
        return value
    found = world.find(kind_of(value) or "", value)
    if found is None:
        raise _cannot_expand(name)
    return as_source(found) if name == "default_source" else shown(world, found)


def _cannot_expand(name: str) -> InvalidParameterError:
    return InvalidParameterError(
        message=f"This property cannot be expanded ({name}).", param="expand"
    )


def _all(world: World, kind: str, field: str, value: str, *, url: str) -> Obj:
    found = [shown(world, obj) for obj in world.newest_first_of(kind, field, value)]
    return list_of(found, url=url)


def _payments(world: World, invoice: Obj) -> Obj:
    url = f"/v1/invoice_payments?invoice={invoice['id']}"
    return _all(world, "invoice_payment", "invoice", invoice["id"], url=url)


def _confirmation_secret(world: World, invoice: Obj) -> Obj | None:
    stored = world.need("invoice", invoice["id"])
    intent = world.find("payment_intent", stored["_payment_intent"])
    if intent is None:
        return None
    return {"client_secret": intent["client_secret"], "type": "payment_intent"}


def _refunds(world: World, charge: Obj) -> Obj:
    url = f"/v1/charges/{charge['id']}/refunds"
    return _all(world, "refund", "charge", charge["id"], url=url)


def _subscriptions(world: World, customer: Obj) -> Obj:
    url = f"/v1/customers/{customer['id']}/subscriptions"
    everything = _all(world, "subscription", "customer", customer["id"], url=url)
    ended = {"canceled", "incomplete_expired"}
    return everything | {"data": [s for s in everything["data"] if s["status"] not in ended]}


def _sources(world: World, customer: Obj) -> Obj:
    url = f"/v1/customers/{customer['id']}/sources"
    methods = world.newest_first_of("payment_method", "customer", customer["id"])
    owned = [method for method in methods if is_source(method)]
    return list_of(map(as_source, owned), url=url)


def _line_items(world: World, session: Obj) -> Obj:
    stored = world.need("checkout.session", session["id"])
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return list_of(stored["_line_items"], url=url)


def _link_items(world: World, link: Obj) -> Obj:
    stored = world.need("payment_link", link["id"])
    return list_of(stored["_line_items"], url=f"/v1/payment_links/{link['id']}/line_items")


def _tiers(world: World, price: Obj) -> Any:
    return world.need("price", price["id"])["_tiers"]


INCLUDABLE: dict[tuple[str, str], Callable[[World, Obj], Any]] = {
    ("charge", "refunds"): _refunds,
    ("checkout.session", "line_items"): _line_items,
    ("customer", "sources"): _sources,
    ("customer", "subscriptions"): _subscriptions,
    ("invoice", "confirmation_secret"): _confirmation_secret,
    ("invoice", "payments"): _payments,
    ("payment_link", "line_items"): _link_items,
    ("price", "tiers"): _tiers,
}
