"""What a rule is: its name, its words, where it stands, and which kinds it is about."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One `forbid … unless` of content/policy. `about` are the kinds that it is for, None all.

    `liftable`: a person may decide that this once it need not be kept. `for_customer` is English,
    `translated` the same sentence by language.
    """

    name: str
    for_customer: str
    translated: Mapping[str, str]
    for_staff: str
    liftable: bool
    about: frozenset[str] | None
    where: str

    def applies_to(self, kind: str) -> bool:
        return self.about is None or kind in self.about
