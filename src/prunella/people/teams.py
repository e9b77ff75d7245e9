"""The teams that people work in."""

from collections.abc import Iterable
from typing import Literal, get_args

Team = Literal[
    "support", "engineering", "finance", "solutions", "product", "legal", "infrastructure"
]
TEAMS: tuple[Team, ...] = get_args(Team)


class UnknownTeamError(ValueError):
    """There is no team of this name."""


def checked_teams(names: Iterable[str]) -> tuple[Team, ...]:
    """Return them in the order of the vocabulary, each once. Raises UnknownTeamError."""
    wanted = set(names)
    if unknown := wanted - set(TEAMS):
        raise UnknownTeamError(min(unknown))
    return tuple(team for team in TEAMS if team in wanted)
