"""What a customer chooses before a fix begins."""

from collections.abc import Mapping, Sequence

Choice = Mapping[str, str]


class NotOfferedError(Exception):
    """This is not needed right now, or not possible. The page shows what is."""


class SignInFirstError(NotOfferedError):
    """The button in the mail may pay or update a card. Sign in from the product for the rest."""


class ChoiceNeededError(Exception):
    """This fix asks something first: send what was chosen as `choice`, or use its page."""


class BadChoiceError(Exception):
    """Something that was chosen or entered cannot be right. Nothing was done."""

    def __init__(self, *, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)
