"""Who else is on a case: leases in system time, so that several web processes tell the same."""

from prunella.web.presence.here import DOINGS, Doing, Present, leave, note, others

__all__ = ["DOINGS", "Doing", "Present", "leave", "note", "others"]
