"""Who people are: customers and their persons, staff and services, and how each signs in."""

from prunella.people import (
    customer_jwt,
    entrance,
    invitations,
    links,
    own,
    recovery,
    roster,
    scopes,
    sessions,
    staff,
    tokens,
)
from prunella.people.accounts import NotFreeError, names_of_account
from prunella.people.company import home_zone
from prunella.people.customer import (
    Customer,
    Hit,
    Plan,
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
from prunella.people.zones import UnknownZoneError

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
    "entrance",
    "find_customer",
    "guest",
    "home_zone",
    "invitations",
    "link",
    "links",
    "names_of",
    "names_of_account",
    "of_email",
    "of_stripe",
    "own",
    "recovery",
    "roster",
    "scopes",
    "search",
    "sessions",
    "set_csm",
    "set_profile",
    "staff",
    "tokens",
]
