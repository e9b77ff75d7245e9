"""What the checker says about one place in an object."""

from __future__ import annotations

from typing import Literal, Self

Kind = Literal["unknown", "missing", "type", "value", "call"]


class Fault(str):
    """A sentence such as `invoice.currency: is missing`; `kind` and `where` say it to code."""

    __slots__ = ("kind", "says", "where")
    kind: Kind
    where: str
    says: str

    def __new__(cls, kind: Kind, where: str, says: str) -> Self:
        fault = super().__new__(cls, f"{where}: {says}")
        fault.kind, fault.where, fault.says = kind, where, says
        return fault

    def at(self, where: str) -> Fault:
        return Fault(self.kind, where, self.says)


def shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - one line of a report
