"""What we did: plain rows that are only ever added."""

from prunella.audit.entry import Entry, UnfitForAuditError, Value
from prunella.audit.log import entries, of_subject, record

__all__ = ["Entry", "UnfitForAuditError", "Value", "entries", "of_subject", "record"]
