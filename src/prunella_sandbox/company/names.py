"""Made-up customers: names, where they are, how they reach us. Every address ends in .example."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

FIRST = (
    "Alder Lane", "Ashdown", "Beacon Hill", "Birchfield", "Blackwater", "Bluestem", "Briar",
    "Calder", "Cedar Row", "Copperfield", "Dovecote", "Elmsworth", "Fairhaven", "Fernside",
    "Foxglove", "Granary", "Greyfriars", "Harbour", "Hawthorn", "Hollis", "Ivy Bridge", "Juniper",
    "Kestrel", "Larkspur", "Linden", "Lowmoor", "Maplewick", "Marlowe", "Meadow", "Millrace",
    "Oakhurst", "Orchard", "Pebble", "Quarry", "Redfern", "Rowan", "Saltmarsh", "Thistle",
    "Westbrook", "Willowby",
)  # fmt: skip
TRADE = (
    "Apparel", "Bakery Supply", "Bikes", "Books", "Ceramics", "Coffee", "Cosmetics", "Dairy",
    "Electronics", "Fabrics", "Florists", "Furniture", "Garden", "Grocers", "Hardware", "Homeware",
    "Lighting", "Music", "Outdoor", "Paper", "Pet Goods", "Pharmacy", "Shoes", "Stationers",
    "Tools", "Toys",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    country: str
    city: str
    currency: str
    time_zone: str
    language: str = "en"


PLACES = (
    Place(country="US", city="Chicago", currency="usd", time_zone="America/Chicago"),
    Place(country="US", city="New York", currency="usd", time_zone="America/New_York"),
    Place(country="US", city="Denver", currency="usd", time_zone="America/Denver"),
    Place(country="US", city="Seattle", currency="usd", time_zone="America/Los_Angeles"),
    Place(country="CA", city="Toronto", currency="usd", time_zone="America/Toronto"),
    Place(country="AU", city="Sydney", currency="usd", time_zone="Australia/Sydney"),
    Place(country="GB", city="Leeds", currency="gbp", time_zone="Europe/London"),
    Place(country="DE", city="Bremen", currency="eur", time_zone="Europe/Berlin", language="de"),
    Place(country="FR", city="Nantes", currency="eur", time_zone="Europe/Paris"),
)
CHICAGO = PLACES[0]
OSAKA = Place(country="JP", city="Osaka", currency="jpy", time_zone="Asia/Tokyo")
KUWAIT = Place(country="KW", city="Kuwait City", currency="kwd", time_zone="Asia/Kuwait")


def company_names(chance: random.Random, *, besides: set[str]) -> Iterator[str]:
    """All combinations, each once, in an order that the seed decides."""
    names = [f"{first} {trade}" for first in FIRST for trade in TRADE]
    chance.shuffle(names)
    yield from (name for name in names if name not in besides)


def address_of(name: str, *, mailbox: str) -> str:
    """`pay@alder-lane-grocers.example` for Alder Lane Grocers."""
    host = re.sub(r"[^a-z]+", "-", name.lower()).strip("-")
    return f"{mailbox}@{host}.example"
