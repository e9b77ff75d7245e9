"""The one interface to what customers may use."""

from typing import Literal, Protocol

from prunella.connectors.subscriptions.errors import NotTaken
from prunella.connectors.subscriptions.usable import Usable

Kind = Literal["mirror", "http", "sql"]


class Source(Protocol):
    """Answers for one customer at a time, addressed as our API does: `cus_…`, else our id.

    `kind` is where it looks. Without `writable` nothing can be brought up to date.
    """

    @property
    def kind(self) -> Kind: ...

    @property
    def writable(self) -> bool: ...

    async def usable(self, customer: str) -> Usable | None:
        """Return what they may use; None where nobody there knows them.

        Raises the tree of `connectors.subscriptions.errors`.
        """
        ...

    async def bring(self, customer: str, usable: Usable, *, key: str) -> None:
        """Have exactly this be what they may use. The same again changes nothing.

        Raises `NeverAsked` where certainly nothing happened, `SubscriptionsAway` where it may
        have, and the others of the tree where it did not.
        """
        ...

    async def close(self) -> None: ...


class Mirrored:
    """There is no other system: what they may use follows from Stripe, and nothing can disagree."""

    kind: Kind = "mirror"
    writable = False

    async def usable(self, customer: str) -> Usable | None:  # noqa: ARG002 nobody is known there
        return None

    async def bring(self, customer: str, usable: Usable, *, key: str) -> None:  # noqa: ARG002 nothing is written
        raise NotTaken

    async def close(self) -> None:
        """Nothing is open."""
