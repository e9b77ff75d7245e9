"""What nobody has taught us yet: said to us once, so that the table of declines can grow."""

from __future__ import annotations

from collections.abc import Iterator

import structlog

from prunella.diagnostics.declines import decline_of
from prunella.diagnostics.facts import Attempt, Facts

MAX_CODES = 1000
MAX_LENGTH = 80
_FAILED = frozenset({"failed", "requires_action"})
log = structlog.get_logger()


class Alarm:
    """The unknown decline codes that this process has met, each said once."""

    def __init__(self) -> None:
        self.codes: set[str] = set()

    def hear(self, facts: Facts) -> None:
        """Warn of each code that is not in the table and was not met before."""
        for code, attempt in unknown_codes(facts):
            if code not in self.codes and len(self.codes) < MAX_CODES:
                self.codes.add(code)
                subject = attempt.charge or attempt.payment_intent
                log.warning("unknown_decline_code", code=code, subject=subject)


def unknown_codes(facts: Facts) -> Iterator[tuple[str, Attempt]]:
    """Return the codes that the table of declines does not know, with a failure of each. Pure."""
    for attempt in facts.attempts:
        decline = decline_of(attempt) if attempt.outcome in _FAILED else None
        code = (attempt.decline_code or attempt.code or "")[:MAX_LENGTH]
        if decline and decline.alert and code:
            yield code, attempt
