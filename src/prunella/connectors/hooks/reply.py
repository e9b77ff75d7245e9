"""What came of one POST."""

from dataclasses import dataclass

_TAKEN = range(200, 300)
_GONE = 410


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` is HTTP's, None without an answer: then `problem` says why."""

    status: int | None
    took_ms: int
    problem: str = ""

    @property
    def taken(self) -> bool:
        return self.status in _TAKEN

    @property
    def gone(self) -> bool:
        """They never want to hear of us again."""
        return self.status == _GONE
