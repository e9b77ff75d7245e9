"""The one interface to what customers may use."""

from typing import Literal, Protocol

from prunella.connectors.subscriptions.errors import NotTaken
from prunella.connectors.subscriptions.usable import Usable

Kind = Literal["mirror", "http", "sql"]


class Asked(Protocol):
    """Answers for one customer at a time, by their id at Stripe; it changes nothing.

    `kind` is where it looks. Without `writable` nothing can be brought up to date there.
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


class Source(Asked, Protocol):
    """The same, to change as well: for `actions.carry_out` alone."""

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
