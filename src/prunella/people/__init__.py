"""Who people are: customers and their persons, staff and services, and how each signs in."""

from prunella.people import customer_jwt, links, sessions, tokens
from prunella.people.accounts import NotFreeError, names_of_account
from prunella.people.customer import (
    Customer,
    Hit,
    Plan,
    UnknownZoneError,
    add_customer,
    find_customer,
    link,
    names_of,
    of_stripe,
    search,
    set_profile,
)
from prunella.people.guests import guest, of_email
from prunella.people.roster import (
    Colleague,
    UnknownColleagueError,
    by_handle,
    colleague,
    colleagues,
    colleagues_by_id,
    csm_of,
    set_csm,
)
from prunella.people.teams import TEAMS, Team, UnknownTeamError

__all__ = [
    "TEAMS",
    "Colleague",
    "Customer",
    "Hit",
    "NotFreeError",
    "Plan",
    "Team",
    "UnknownColleagueError",
    "UnknownTeamError",
    "UnknownZoneError",
    "add_customer",
    "by_handle",
    "colleague",
    "colleagues",
    "colleagues_by_id",
    "csm_of",
    "customer_jwt",
    "find_customer",
    "guest",
    "link",
    "links",
    "names_of",
    "names_of_account",
    "of_email",
    "of_stripe",
    "search",
    "sessions",
    "set_csm",
    "set_profile",
    "tokens",
]
