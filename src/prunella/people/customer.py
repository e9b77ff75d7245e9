"""Customers: ours by id, and by `cus_…` where Stripe knows them."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from prunella import mirror
from prunella.kit.house import Tx
from prunella.people import accounts, store, store_plans
from prunella.people.zones import UnknownZoneError, is_zone, zone_of

Plan = Literal["free", "starter", "professional", "enterprise"]
FREE: Plan = "free"
DEFAULT_LOCALE = "en"
STRIPE_PREFIX = "cus_"
MAX_REF = 255
MAX_HITS = 50


@dataclass(frozen=True, slots=True)
class Customer:
    """An account of the company that runs Prunella.

    `time_zone` is an IANA name: the profile's, else the one in Stripe's metadata, else the
    country's, else the company's. `locale` is empty where nobody said one. `plan` is the profile's,
    else the largest that plans.toml finds in the prices they pay; free where nothing runs at
    Stripe, None where only prices run that plans.toml does not know. A `guest` wrote to us and has
    no account: see `people.guest`. `followed`: other accounts may lead to this one.
    `csm` is the id of who looks after them, if anybody does. `fresh`: this transaction made them,
    so nothing of theirs can be anywhere yet.
    """

    id: str
    stripe_customer: str | None
    name: str
    email: str | None
    country: str | None
    time_zone: str
    locale: str
    plan: Plan | None = None
    guest: bool = False
    followed: bool = field(default=True, compare=False)
    csm: str | None = None
    fresh: bool = field(default=False, compare=False)

    @property
    def address(self) -> str:
        """What the public API calls this customer: Stripe's id where there is one."""
        return self.stripe_customer or self.id


async def find_customer(tx: Tx, ref: str) -> Customer | None:
    """Find by our id or by `cus_…`.

    A mirrored Stripe customer gets a row on first touch, and what Stripe knows of it follows the
    mirror at every later one. A deleted one keeps what was known last.
    """
    if len(ref) > MAX_REF or not ref.isprintable():
        return None
    if ref.startswith(STRIPE_PREFIX):
        return await of_stripe(tx, ref)
    row = await store.by_id(tx, ref)
    if row is None:
        return None
    row = await accounts.last_of(tx, row)
    if row["stripe_customer"] is None:
        return _customer(row, {})
    return await of_stripe(tx, row["stripe_customer"])


async def of_stripe(tx: Tx, stripe_customer: str) -> Customer | None:
    known = await mirror.account(tx, stripe_customer)
    row = await _row_of(tx, stripe_customer, known)
    if row is None:
        return None
    row = await _after_merges(tx, row, known)
    if row["stripe_customer"] is None:
        return _customer(row, {})
    if row["stripe_customer"] != stripe_customer:
        known = await mirror.account(tx, row["stripe_customer"])
    return await _follow(tx, row, known)


async def link(tx: Tx, ours: str, stripe_customer: str) -> Customer:
    """Make a free account the one of a Stripe customer, with everything that it has.

    What the Stripe customer had with us so far leads there as well. Raises NotFreeError where the
    account has another one, LookupError where it does not exist.
    """
    await accounts.link_rows(tx, ours, stripe_customer)
    found = await find_customer(tx, ours)
    if found is None:
        raise LookupError(ours)
    return found


async def _row_of(tx: Tx, stripe_customer: str, known: mirror.Account | None) -> store.Row | None:
    """Return the row of a Stripe customer.

    At first touch it is made, or the free account that its metadata names becomes it.
    """
    row = await store.by_stripe(tx, stripe_customer, known.prices if known else ())
    if row or known is None:
        return row
    free = _metadata(known).get(accounts.OURS)
    if isinstance(free, str):
        with suppress(accounts.NotFreeError, LookupError):
            await accounts.link_rows(tx, free, stripe_customer)
            return await store.by_stripe(tx, stripe_customer)
    return await store.add(
        tx, stripe_customer=stripe_customer, time_zone=None, plan=None, copies=_copies(known.data)
    )


async def _after_merges(tx: Tx, row: store.Row, known: mirror.Account | None) -> store.Row:
    """Follow the account to the one that took its place, by what Stripe's metadata says."""
    for _ in range(accounts.MAX_STEPS):
        if row["follows"]:
            row = await accounts.last_of(tx, row)
        else:
            ahead = await _successor(tx, known)
            after = await accounts.merge_rows(tx, row, ahead) if ahead else row
            if after["id"] == row["id"]:
                return row
            row = after
        known = await mirror.account(tx, row["stripe_customer"]) if row["stripe_customer"] else None
    return row


async def _successor(tx: Tx, known: mirror.Account | None) -> store.Row | None:
    """Return the row of the customer that `merged_into` names, if the mirror has that one."""
    name = _metadata(known).get(accounts.MERGED_INTO)
    if known is None or not isinstance(name, str) or name == known.data["id"]:
        return None
    return await _row_of(tx, name, await mirror.account(tx, name))


def _metadata(known: mirror.Account | None) -> dict[str, Any]:
    return (known.data.get("metadata") if known else None) or {}


async def add_customer(
    tx: Tx,
    *,
    name: str,
    email: str | None = None,
    country: str | None = None,
    time_zone: str | None = None,
    locale: str = DEFAULT_LOCALE,
    plan: Plan | None = FREE,
) -> Customer:
    """Add an account that does not exist at Stripe."""
    copies = {"name": name, "email": email, "country": country, "locale": locale}
    row = await store.add(
        tx, stripe_customer=None, time_zone=_checked(time_zone), plan=plan, copies=copies
    )
    return _customer(row, {})


async def set_profile(
    tx: Tx, customer: Customer, *, time_zone: str | None, plan: Plan | None
) -> Customer | None:
    """Set what the company's own people know better than Stripe."""
    await store.set_profile(tx, customer.id, _checked(time_zone), plan)
    return await find_customer(tx, customer.id)


async def ids_of(tx: Tx, customer: Customer) -> list[str]:
    """Return what `names_of_account` does; nothing is read where no account leads to this one."""
    if not customer.followed:
        return [customer.id]
    return await accounts.names_of_account(tx, customer.id)


async def names_of(tx: Tx, customers: list[str]) -> dict[str, str]:
    """Return the names of many customers at once, for a list."""
    return await store.names(tx, customers)


async def addresses_of(tx: Tx, customers: list[str]) -> dict[str, str]:
    """Return what the public API calls many customers, by our ids, for a list."""
    return await store.addresses(tx, customers, accounts.MAX_STEPS)


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer as a search finds it; `ref` is one that `find_customer` takes."""

    ref: str
    name: str
    email: str | None


async def search(tx: Tx, text: str, limit: int = 20) -> list[Hit]:
    """Find customers by how their name or mail begins, or by an id; Stripe's, too, as mirrored."""
    words = text.strip()
    if not words or len(words) > MAX_REF or not words.isprintable():
        return []
    limit = min(limit, MAX_HITS)
    own = await store.search(tx, words, limit)
    hits = {row["stripe_customer"] or row["id"]: row for row in own}
    for known in await mirror.customers_like(tx, words, limit):
        hits.setdefault(known["id"], known)
    found = [
        Hit(ref, row["name"] or row["email"] or ref, row["email"]) for ref, row in hits.items()
    ]
    return sorted(found, key=lambda hit: (hit.name.lower(), hit.ref))[:limit]


async def _follow(tx: Tx, row: store.Row, known: mirror.Account | None) -> Customer:
    if known is None:
        return _customer(row, {})
    if known.deleted:
        return _customer(row | {"plan": row["plan"] or FREE}, {})
    copies = _copies(known.data)
    if any(row[field] != value for field, value in copies.items()):
        await store.keep_copies(tx, row["id"], copies)
    plan = row["plan"] or await _plan_paid_for(tx, row, known)
    return _customer(row | copies | {"plan": plan}, _metadata(known))


async def _plan_paid_for(tx: Tx, row: store.Row, known: mirror.Account) -> str | None:
    """Return the largest; a row that was found by its name at Stripe knows them already."""
    if not known.prices:
        return FREE
    found = row["paid_for"] if "paid_for" in row else await store_plans.of_refs(tx, known.prices)
    return max(found, key=get_args(Plan).index, default=None)


def _copies(known: dict[str, Any]) -> dict[str, str | None]:
    locales = known.get("preferred_locales") or []
    return {
        "name": known.get("name") or known.get("email") or known["id"],
        "email": known.get("email"),
        "country": (known.get("address") or {}).get("country"),
        "locale": locales[0] if locales else None,
    }


def _customer(row: store.Row, metadata: dict[str, str]) -> Customer:
    zone = zone_of(row["time_zone"], metadata.get("time_zone"), row["country"])
    return Customer(
        id=row["id"],
        stripe_customer=row["stripe_customer"],
        name=row["name"],
        email=row["email"],
        country=row["country"],
        time_zone=zone or row["home_zone"],
        locale=row["locale"] or "",
        plan=cast("Plan | None", row["plan"]),
        guest=row["guest"],
        followed=row.get("followed", True),
        csm=row["csm"],
        fresh=row.get("fresh", False),
    )


def of_own_row(row: store.Row) -> Customer:
    """Return the customer of a row that has nothing at Stripe."""
    return _customer(row, {})


def _checked(time_zone: str | None) -> str | None:
    if time_zone is not None and not is_zone(time_zone):
        raise UnknownZoneError(time_zone)
    return time_zone
