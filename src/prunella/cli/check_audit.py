"""Is the audit log kept as it should be: who could change it, and is it sealed."""

from collections.abc import Iterator

from prunella.cli.check import Check
from prunella.cli.store import Log


def of_audit(log: Log, *, may_change: bool) -> Iterator[Check]:
    """Judge how the log stands. Pure."""
    if log.guards < log.guards_wanted:
        words = "The audit log's triggers are missing or off: somebody may have changed entries."
        yield Check("bad", f"{words} Run `prunella audit verify` against a checkpoint kept apart.")
    if may_change:
        words = (
            "The role of the processes owns the audit log or may change it, and a trigger alone"
            " refuses: migrate as another role (PRUNELLA_MIGRATE_URL, see docs/audit.md)."
        )
        yield Check("look", words)
    if log.late:
        words = "audit entries have waited for more than ten minutes to be sealed: does a worker"
        yield Check("bad", f"{log.late} {words} run? Its log says why it seals nothing.")
    if log.keys > 1:
        words = "keys sign the audit log: set one PRUNELLA_AUDIT_KEY for all workers. After a"
        yield Check("look", f"{log.keys} {words} change of key this stays, and is fine.")
