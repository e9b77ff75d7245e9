"""Everything we change at Stripe: a method a kind, each under a key that was stored before.

Nothing here tries twice: what may have happened is settled by looking, never by sending.
"""

from prunella.connectors.stripe.writes.accounts import Accounts
from prunella.connectors.stripe.writes.billing import Billing
from prunella.connectors.stripe.writes.pages import Pages
from prunella.connectors.stripe.writes.payments import Payments
from prunella.connectors.stripe.writes.problems import (
    Later,
    Refused,
    Unsure,
    WriteProblem,
    problem_of_write,
)
from prunella.connectors.stripe.writes.sending import Done

__all__ = ["Done", "Later", "Refused", "Unsure", "WriteProblem", "Writes", "problem_of_write"]


class Writes(Payments, Pages, Accounts, Billing):
    """Stripe, to change. Raises `Later`, `Unsure` or `Refused`."""

    __slots__ = ()
