"""One line of `doctor`: what was looked at, and how it is."""

from dataclasses import dataclass
from typing import Literal

State = Literal["fine", "look", "bad"]
SIGNS: dict[State, str] = {"fine": "●", "look": "▲", "bad": "◆"}


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it is. `bad` means that something will not work."""

    state: State
    words: str

    def __str__(self) -> str:
        return f"{SIGNS[self.state]} {self.words}"
