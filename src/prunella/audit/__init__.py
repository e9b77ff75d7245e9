"""What we did: rows that are only ever added, and a signed tree over them that proves it."""

from prunella.audit.checking import Report, check_database, check_export
from prunella.audit.checkpoint import Checkpoint
from prunella.audit.entry import Entry, UnfitForAuditError, Value, Values
from prunella.audit.export import ExportError, NothingSealedError, export, newest_note
from prunella.audit.keys import SigningKeyError, find_key, find_or_make_key
from prunella.audit.log import (
    Filter,
    Note,
    entries,
    entry,
    newest,
    of_subject,
    record,
    record_all,
    record_change,
)
from prunella.audit.note import BadKeyError, VerifyingKey
from prunella.audit.proof import (
    Consistency,
    Head,
    Inclusion,
    NoSuchHeadError,
    NotSealedError,
    head,
    prove_entry,
    prove_growth,
)
from prunella.audit.seal import Sealer
from prunella.audit.tiles import DamagedTreeError
from prunella.audit.verify import Verdict, Wrong

INSERT_ONLY = ("audit_entries", "audit_checkpoints", "audit_keys")
"""Tables that the role of the processes may add to and never change."""

__all__ = [
    "INSERT_ONLY",
    "BadKeyError",
    "Checkpoint",
    "Consistency",
    "DamagedTreeError",
    "Entry",
    "ExportError",
    "Filter",
    "Head",
    "Inclusion",
    "NoSuchHeadError",
    "NotSealedError",
    "Note",
    "NothingSealedError",
    "Report",
    "Sealer",
    "SigningKeyError",
    "UnfitForAuditError",
    "Value",
    "Values",
    "Verdict",
    "VerifyingKey",
    "Wrong",
    "check_database",
    "check_export",
    "entries",
    "entry",
    "export",
    "find_key",
    "find_or_make_key",
    "head",
    "newest",
    "newest_note",
    "of_subject",
    "prove_entry",
    "prove_growth",
    "record",
    "record_all",
    "record_change",
]
