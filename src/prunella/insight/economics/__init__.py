"""What contacts cost, where they are settled, and the contacts behind each figure."""

from prunella.insight.economics.arithmetic import (
    Scoreboard,
    TierFigures,
    project,
    share_of,
    together,
)
from prunella.insight.economics.assumptions import Assumptions, Scenario, check, read
from prunella.insight.economics.figure import FIGURES, Figure, UnknownFigureError
from prunella.insight.economics.recovery import Arm, Recovered, compare, recovered
from prunella.insight.economics.scoreboard import Behind, BehindPage, contacts_behind, scoreboard

__all__ = [
    "FIGURES",
    "Arm",
    "Assumptions",
    "Behind",
    "BehindPage",
    "Figure",
    "Recovered",
    "Scenario",
    "Scoreboard",
    "TierFigures",
    "UnknownFigureError",
    "check",
    "compare",
    "contacts_behind",
    "project",
    "read",
    "recovered",
    "scoreboard",
    "share_of",
    "together",
]
