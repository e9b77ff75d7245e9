"""What TAI sells: products and prices, in each currency it bills in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from stripe import StripeClient

Plan = Literal["free", "starter", "professional", "enterprise"]

# Amounts are in the minor unit: cents, pence, yen, thousandths of a dinar.
MONTHLY: dict[str, dict[str, int]] = {
    "free": {"usd": 0},
    "starter": {"usd": 250_000, "eur": 230_000, "gbp": 200_000, "jpy": 380_000, "kwd": 770_000},
    "professional": {"usd": 1_500_000, "eur": 1_400_000, "gbp": 1_200_000, "jpy": 2_250_000},
    "enterprise": {"usd": 7_500_000, "eur": 7_000_000, "gbp": 6_000_000},
    "custom_rule": {"usd": 50_000, "eur": 46_000, "gbp": 40_000},
}
ONCE: dict[str, dict[str, int]] = {
    "history_pack": {"usd": 40_000, "eur": 37_000, "gbp": 32_000},
    "barcode_pack": {"usd": 12_000, "eur": 11_000, "gbp": 9_600},
}
NAMES = {
    "free": ("Free plan", "50 SKUs, 2 requests a second"),
    "starter": ("Starter plan", "500 SKUs, 10 requests a second"),
    "professional": ("Professional plan", "1,000 SKUs, 50 requests a second"),
    "enterprise": ("Enterprise plan", "Unlimited SKUs"),
    "custom_rule": ("Custom rule", "A rule above the three that are included"),
    "history_pack": ("History pack", "Three years of stock history"),
    "barcode_pack": ("Barcode pack", "Labels for new products"),
}
CALLS = ("API calls", "Calls of the month before")


@dataclass(frozen=True)
class Catalogue:
    """Ids at Stripe: `products` by what is sold, `prices` by what is sold and the currency."""

    products: dict[str, str]
    prices: dict[tuple[str, str], str]

    def price(self, sold: str, currency: str) -> str:
        return self.prices[sold, currency]


def create_catalogue(client: StripeClient) -> Catalogue:
    products = {sold: _create_product(client, sold) for sold in NAMES}
    products["api_calls"] = _create_product(client, "api_calls")
    prices = {
        (sold, currency): _create_price(client, products[sold], sold, currency, amount)
        for sold, amounts in (MONTHLY | ONCE).items()
        for currency, amount in amounts.items()
    }
    return Catalogue(products, prices)


def _create_product(client: StripeClient, sold: str) -> str:
    name, description = NAMES.get(sold, CALLS)
    details = {"name": name, "description": description, "metadata": {"sold": sold}}
    return client.v1.products.create(params=details).id  # type: ignore[arg-type]  # a plain dict will do


def _create_price(client: StripeClient, product: str, sold: str, currency: str, amount: int) -> str:
    details: Any = {
        "product": product,
        "currency": currency,
        "unit_amount": amount,
        "lookup_key": f"{sold}_{currency}",
        "nickname": NAMES[sold][0],
    }
    if sold in MONTHLY:
        details["recurring"] = {"interval": "month"}
    return client.v1.prices.create(params=details).id
