"""What can go wrong with the company's own system; no message repeats what it was asked with."""

from typing import ClassVar


class SubscriptionsProblem(Exception):  # noqa: N818 the tree is named after what is wrong
    """The company's own system could not say what a customer may use."""

    can_retry: ClassVar[bool] = False

    def __str__(self) -> str:
        return str(self.__doc__)


class SubscriptionsAway(SubscriptionsProblem):
    """The company's own system does not answer, or answers with an error of its own."""

    can_retry = True


class NeverAsked(SubscriptionsAway):
    """The company's own system cannot be reached, so nothing was changed there."""


class UnreadableAnswer(SubscriptionsProblem):
    """What it answers cannot be read: docs/entitlements.md says what it looks like."""


class KeyNotTaken(SubscriptionsProblem):
    """It refuses who asks: correct PRUNELLA_SUBSCRIPTIONS_TOKEN, or what the role may do."""


class NotTaken(SubscriptionsProblem):
    """The company's own system says no to this; the same will be refused again."""
