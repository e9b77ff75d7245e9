"""What was credited, and what is left to credit: Stripe's figures and our own ledger's. Pure."""

from collections.abc import Iterable

from prunella.actions.paid_by import Known, Object

_MARK = "prunella_action"
_CREDITS = frozenset({"adjustment", "credit_note"})


def credited_lately(known: Known, ours: Iterable[Object], *, since: int) -> list[tuple[str, int]]:
    """Return currency and amount of every credit since then, whoever gave it.

    What was taken off an open bill is no movement of the balance, so it is found by its note.
    """
    moved = [one for one in known["customer_balance_transaction"] if _is_credit(one)]
    reduced = [one for one in known["credit_note"] if one.get("pre_payment_amount")]
    theirs = [one for one in (*moved, *reduced) if (one.get("created") or since) >= since]
    found = [(_currency(one), abs(one.get("amount") or 0)) for one in theirs]
    seen = _seen(moved) | _seen(known["credit_note"])
    return found + [(_currency(one), one["amount"] or 0) for one in ours if not _ids(one) & seen]


def left_to_credit(
    raw: Object, notes: Iterable[Object], ours: Iterable[Object], *, refunded: int
) -> int:
    """Return what a credit note may still take off this invoice, in minor units.

    The larger of Stripe's two figures counts: an invoice and its notes are read one by one.
    """
    of_it = [one for one in notes if one.get("invoice") == raw["id"] and one["status"] != "void"]
    before = raw.get("pre_payment_credit_notes_amount") or 0
    after = raw.get("post_payment_credit_notes_amount") or 0
    noted = max(before + after, sum(one.get("amount") or 0 for one in of_it))
    reserved = sum(one["amount"] or 0 for one in ours if not _ids(one) & _seen(of_it))
    if raw.get("status") == "open":
        return max((raw.get("amount_remaining") or 0) - (noted - before) - reserved, 0)
    total = max(raw.get("total") or 0, 0)
    return max(total - noted - reserved - max(refunded - _linked(of_it), 0), 0)


def _linked(notes: Iterable[Object]) -> int:
    """Return what these notes gave back by refunds, which count as refunds already."""
    return sum(
        part.get("amount_refunded") or 0 for one in notes for part in one.get("refunds") or ()
    )


def credited_besides_refunds(raw: Object, notes: Iterable[Object], ours: Iterable[Object]) -> int:
    """Return what credit notes gave of a paid invoice, to the balance or outside of Stripe.

    The larger of Stripe's two figures counts; what is linked to a refund is counted as that.
    """
    of_it = [one for one in notes if one.get("invoice") == raw["id"] and one["status"] != "void"]
    shown = sum((one.get("amount") or 0) - (one.get("pre_payment_amount") or 0) for one in of_it)
    noted = max(raw.get("post_payment_credit_notes_amount") or 0, shown)
    reserved = sum(
        one["amount"] or 0
        for one in ours
        if one["params"].get("how") == "balance" and not _ids(one) & _seen(of_it)
    )
    return max(noted - _linked(of_it), 0) + reserved


def _is_credit(one: Object) -> bool:
    return one.get("type") in _CREDITS and (one.get("amount") or 0) < 0


def _seen(objects: Iterable[Object]) -> set[str]:
    """Return every name by which an object may be one of ours."""
    found = set[str]()
    for one in objects:
        marked = (one.get("metadata") or {}).get(_MARK)
        found |= {str(name) for name in (one["id"], one.get("credit_note"), marked) if name}
    return found


def _ids(action: Object) -> set[str]:
    made = action["result"]
    names = (action["id"], made.get("credit_note"), made.get("balance_transaction"))
    return {name for name in names if name}


def _currency(one: Object) -> str:
    return str(one.get("currency") or "").lower()
