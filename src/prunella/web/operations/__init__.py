"""How the machinery is: what waits, what got stuck, whether we may take requests."""

from prunella.web.operations.ready import Readiness, in_time, readiness
from prunella.web.operations.stopped import (
    MAX_NAME,
    Kind,
    NotStoppedError,
    Settle,
    let_be,
    try_again,
)
from prunella.web.operations.store import Figures, Stuck, figures, stuck

__all__ = [
    "MAX_NAME",
    "Figures",
    "Kind",
    "NotStoppedError",
    "Readiness",
    "Settle",
    "Stuck",
    "figures",
    "in_time",
    "let_be",
    "readiness",
    "stuck",
    "try_again",
]
