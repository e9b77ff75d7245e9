"""Billing details as a customer types them: which there are, and what is wrong with them. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from prunella.connectors.mail import is_address

LONGEST = 200
PLAIN = ("name", "email", "line1", "line2", "city", "postal_code", "state", "country")
FIELDS = (*PLAIN, "tax_type", "tax_id", "tax_remove")
_COUNTRY = re.compile(r"[A-Z]{2}")
# The shapes of the commonest kinds; Stripe and the tax office look closer.
TAX_IDS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "eu_vat": re.compile(r"[A-Z]{2}[0-9A-Z+*.]{2,12}"),
        "gb_vat": re.compile(r"(GB|XI)(\d{9}|\d{12})"),
        "ch_vat": re.compile(r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)"),
        "no_vat": re.compile(r"\d{9}(MVA)?"),
        "us_ein": re.compile(r"\d{2}-\d{7}"),
        "ca_bn": re.compile(r"\d{9}"),
        "au_abn": re.compile(r"\d{11}"),
        "jp_trn": re.compile(r"T\d{13}"),
        "in_gst": re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z]\dZ[A-Z\d]"),
    }
)


def tidy(given: Mapping[str, str]) -> dict[str, str]:
    """Keep the fields that there are, trimmed; country and tax id in capitals.

    A tax id takes the place of those of its kind; `tax_remove` takes those of `tax_type` away.
    """
    kept = {name: " ".join(given[name].split()) for name in FIELDS if name in given}
    if not kept.get("tax_id"):
        kept.pop("tax_id", None)
    if not kept.get("tax_remove"):
        kept.pop("tax_remove", None)
    if not {"tax_id", "tax_remove"} & kept.keys():
        kept.pop("tax_type", None)
    return kept | {n: kept[n].upper() for n in ("country", "tax_id") if n in kept}


def wrong_with(details: Mapping[str, str]) -> list[str]:
    """Return the fields that cannot be right; `name`, `email` and `country` are needed."""
    wrong = [name for name in FIELDS if not _plain(details.get(name, ""))]
    if "name" in details and not details["name"]:
        wrong.append("name")
    if "email" in details and not is_address(details["email"]):
        wrong.append("email")
    if "country" in details and not _COUNTRY.fullmatch(details["country"]):
        wrong.append("country")
    if "tax_id" in details and not _tax_id(details):
        wrong.append("tax_id")
    if "tax_remove" in details and ("tax_id" in details or not _known_kind(details)):
        wrong.append("tax_remove")
    return sorted(set(wrong), key=FIELDS.index)


def _plain(text: str) -> bool:
    return len(text) <= LONGEST and text.isprintable() and "://" not in text


def _known_kind(details: Mapping[str, str]) -> bool:
    return details.get("tax_type", "") in TAX_IDS


def _tax_id(details: Mapping[str, str]) -> bool:
    shape = TAX_IDS.get(details.get("tax_type", ""))
    return shape is not None and shape.fullmatch(details["tax_id"]) is not None
