"""The letters that arrived, counted by Message-ID, and the faults that were asked for."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Literal

from prunella_sandbox.mailbox.letter import Letter

FaultKind = Literal["refuse", "lost_answer"]
MAX_LETTERS = 20_000


@dataclass
class MailFault:
    """The next `count` letters are refused with `code`, or taken without the sender hearing it."""

    kind: FaultKind
    code: int
    count: int


class Mailbox:
    def __init__(self) -> None:
        self._letters: deque[Letter] = deque(maxlen=MAX_LETTERS)
        self._counts: Counter[str] = Counter()
        self._fault: MailFault | None = None
        self._received = 0

    def receive(self, *, sender: str, recipients: list[str], raw: bytes) -> Letter:
        self._received += 1
        letter = Letter(f"mail_{self._received:06d}", sender, tuple(recipients), raw)
        self._letters.append(letter)
        self._counts[letter.message_id] += 1
        return letter

    def letters(self, *, to: str | None = None) -> list[Letter]:
        """In the order of arrival."""
        return [letter for letter in self._letters if to is None or to in letter.recipients]

    def letter(self, letter_id: str) -> Letter | None:
        return next((letter for letter in self._letters if letter.id == letter_id), None)

    def counts(self) -> dict[str, int]:
        """Message-ID to how often a letter with it arrived; more than one is a duplicate."""
        return dict(self._counts)

    def copies(self, letter: Letter) -> int:
        return self._counts[letter.message_id]

    def empty(self) -> None:
        self._letters.clear()
        self._counts.clear()
        self._fault = None

    def fail_next(self, fault: MailFault) -> None:
        self._fault = fault if fault.count else None

    def take_fault(self) -> MailFault | None:
        """The fault for the letter that is arriving; it has one turn less afterwards."""
        fault = self._fault
        if fault is None:
            return None
        fault.count -= 1
        if not fault.count:
            self._fault = None
        return fault
