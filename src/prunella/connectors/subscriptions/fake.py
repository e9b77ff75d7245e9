"""A system in memory: it holds what customers may use, and falls silent when it is told to."""

from dataclasses import dataclass, field

from prunella.connectors.subscriptions.errors import NotTaken, SubscriptionsAway
from prunella.connectors.subscriptions.source import Kind
from prunella.connectors.subscriptions.usable import Usable


@dataclass
class MemorySource:
    """`held` by customer. `away`: it does nothing; `lost`: it does, and no answer comes back.

    `late`: it takes what it is told, and does not show it yet.
    """

    writable: bool = True
    kind: Kind = "http"
    held: dict[str, Usable] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    away: bool = False
    lost: bool = False
    late: bool = False

    async def usable(self, customer: str) -> Usable | None:
        if self.away or self.lost:
            raise SubscriptionsAway
        return self.held.get(customer)

    async def bring(self, customer: str, usable: Usable, *, key: str) -> None:
        if not self.writable:
            raise NotTaken
        if self.away:
            raise SubscriptionsAway
        self.keys.append(key)
        if not self.late:
            self.held[customer] = usable
        if self.lost:
            raise SubscriptionsAway

    async def close(self) -> None:
        """Nothing is open."""
