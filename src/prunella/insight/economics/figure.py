"""The figures of the scoreboard by name: each opens the contacts that it counts."""

from typing import Literal, get_args

from prunella.cases import TIERS

Figure = Literal[
    "all", "settled", "arrived", "confirmed", "assumed", "without_person", "recovered", "open"
]
FIGURES: tuple[Figure, ...] = get_args(Figure)


class UnknownFigureError(ValueError):
    """The scoreboard has no such figure. Open it from the scoreboard."""


def check_figure(figure: str, tier: str | None) -> None:
    if figure not in FIGURES or (tier is not None and tier not in TIERS):
        raise UnknownFigureError(figure)
