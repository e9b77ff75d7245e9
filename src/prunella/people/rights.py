"""Who may say who works here, and as what."""

from prunella.kit.actor import Actor

ADMINS = frozenset({"admin"})
LEADS = frozenset({"admin", "lead"})


class NotAdminError(PermissionError):
    """Only an admin may do this. Ask one of yours."""


class NotLeadError(PermissionError):
    """Only a lead or an admin may do this. Ask one of yours."""


def must_be_admin(actor: Actor) -> None:
    if not _is_one_of(actor, ADMINS):
        raise NotAdminError


def must_be_lead(actor: Actor) -> None:
    if not _is_one_of(actor, LEADS):
        raise NotLeadError


def _is_one_of(actor: Actor, roles: frozenset[str]) -> bool:
    """The system itself may: nobody can come in as that."""
    return actor.kind == "system" or (actor.kind == "staff" and actor.role in roles)
