"""What policy may know about what a customer may use, beside what they pay for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """`differs` is `missing` or `surplus`, `none` where they agree, `unknown` without an answer.

    `writable`: the company's own system can be told.
    """

    differs: str
    writable: bool = False
