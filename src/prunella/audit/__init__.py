"""What we did: rows that are only ever added, and a signed tree over them that proves it."""

from prunella.audit.checking import Report, check_database, check_export
from prunella.audit.checkpoint import Checkpoint
from prunella.audit.entry import Entry, UnfitForAuditError, Value
from prunella.audit.export import ExportError, NothingSealedError, export, newest_note
from prunella.audit.keys import SigningKeyError, find_key, find_or_make_key
from prunella.audit.log import entries, of_subject, record
from prunella.audit.note import BadKeyError, VerifyingKey
from prunella.audit.seal import Sealer
from prunella.audit.verify import Verdict, Wrong

__all__ = [
    "BadKeyError",
    "Checkpoint",
    "Entry",
    "ExportError",
    "NothingSealedError",
    "Report",
    "Sealer",
    "SigningKeyError",
    "UnfitForAuditError",
    "Value",
    "Verdict",
    "VerifyingKey",
    "Wrong",
    "check_database",
    "check_export",
    "entries",
    "export",
    "find_key",
    "find_or_make_key",
    "newest_note",
    "of_subject",
    "record",
]
