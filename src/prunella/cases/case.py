"""A case: what a person works on until it is solved."""

from prunella.cases.moving import Moving
from prunella.cases.settling import Settling
from prunella.cases.talking import Talking
from prunella.cases.working import Working


class Case(Talking, Working, Settling, Moving):
    """A record with its verbs. Each takes the case as it is by then, and holds it meanwhile."""

    __slots__ = ()
