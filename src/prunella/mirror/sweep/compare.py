"""What one page of Stripe's list says about the mirror. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prunella.mirror.objects.seen import Seen
from prunella.mirror.objects.store import Mirrored

UNSTEADY = frozenset(
    {"hosted_invoice_url", "invoice_pdf", "client_secret", "url", "next_invoice_sequence"}
)
"""Made afresh at each reading, or a count that no event tells of: a difference means nothing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An object that the mirror had otherwise, or (`known` is None) not at all."""

    seen: Seen
    known: Mirrored | None


def differences(sights: Iterable[Seen], known: Mapping[str, Mirrored]) -> list[Difference]:
    """Return what the mirror should have had otherwise.

    What the mirror may know more newly than the page is left to the webhooks that brought it.
    """
    return [
        Difference(seen, known.get(seen.id))
        for seen in sights
        if not _is_told(seen, known.get(seen.id))
    ]


def _is_told(seen: Seen, known: Mirrored | None) -> bool:
    if known is None:
        return False
    if known.as_of_until > seen.since:
        return True
    return known.deleted == seen.deleted and same(known.data, seen.data)


def same(left: Any, right: Any) -> bool:
    """Whether two objects say the same, apart from what means nothing."""
    return bool(_steady(left) == _steady(right))


def _steady(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {key: value for key, value in data.items() if key not in UNSTEADY}
