"""How the machinery is: what waits, what got stuck, whether we may take requests."""

from prunella.web.operations.ready import Readiness, in_time, readiness
from prunella.web.operations.store import Figures, Stuck, figures, stuck

__all__ = ["Figures", "Readiness", "Stuck", "figures", "in_time", "readiness", "stuck"]
