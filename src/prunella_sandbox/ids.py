"""Ids shaped like Stripe's: a prefix that names the kind, then a random tail."""

from __future__ import annotations

import random
import string

ALPHABET = (string.ascii_letters + string.digits).encode()
LETTERS = bytes(ALPHABET[byte % len(ALPHABET)] for byte in range(256))

PREFIXES = {
    "balance_transaction": "txn_3",
    "billing.meter": "mtr_test_",
    "billing_portal.session": "bps_1",
    "card": "card_1",
    "charge": "ch_3",
    "checkout.session": "cs_test_a1",
    "credit_note": "cn_1",
    "credit_note_line_item": "cnli_1",
    "customer": "cus_",
    "customer_balance_transaction": "cbtxn_1",
    "dispute": "dp_1",
    "event": "evt_1",
    "invoice": "in_1",
    "invoice_payment": "inpay_1",
    "invoiceitem": "ii_1",
    "item": "li_1",
    "line_item": "il_1",
    "payment_intent": "pi_3",
    "payment_link": "plink_1",
    "payment_method": "pm_1",
    "price": "price_1",
    "product": "prod_",
    "refund": "re_3",
    "request": "req_",
    "secret": "whsec_",
    "setup_intent": "seti_1",
    "subscription": "sub_1",
    "subscription_item": "si_",
    "tax_id": "txi_1",
    "test_helpers.test_clock": "clock_1",
    "webhook_endpoint": "we_1",
}

KINDS = {prefix.split("_")[0]: kind for kind, prefix in PREFIXES.items()} | {
    "card": "payment_method"
}

TAIL_LENGTHS = {
    "checkout.session": 58,
    "customer": 14,
    "product": 14,
    "request": 14,
    "secret": 32,
    "subscription_item": 14,
}
TAIL_LENGTH = 23


def new_id(chance: random.Random, kind: str) -> str:
    return PREFIXES[kind] + new_tail(chance, TAIL_LENGTHS.get(kind, TAIL_LENGTH))


def new_tail(chance: random.Random, length: int) -> str:
    return chance.randbytes(length).translate(LETTERS).decode()


def kind_of(object_id: str) -> str | None:
    """Tell the kind of object an id names, or None for a foreign string."""
    return KINDS.get(object_id.split("_", maxsplit=1)[0])
