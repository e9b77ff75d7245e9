"""Who does something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is behind a transaction.

    `kind` is one of customer, staff, service, system, lee; `role` is a staff role or, for a
    customer's person, owner, billing or member. Only a session that the company's own product
    vouched for is `verified`.
    """

    kind: str
    id: str
    role: str = ""
    verified: bool = False

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SYSTEM = Actor(kind="system", id="worker", verified=True)
