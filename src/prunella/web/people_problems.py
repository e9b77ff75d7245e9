"""How what can go wrong with people and their ways in counts in HTTP."""

from collections.abc import Mapping

from prunella.people import (
    UnknownTeamError,
    UnknownZoneError,
    profiles,
    roster,
    scopes,
    sessions,
    staff,
    tokens,
)
from prunella.people.entrance import HalfGoneError, WrongSignInError
from prunella.people.invitations import BadInvitationError
from prunella.people.passwords import WeakPasswordError
from prunella.people.rights import NotAdminError, NotLeadError
from prunella.people.throttle import TooManyTriesError
from prunella.people.totp import WrongCodeError

NOT_YOURS = "You may not do this"
NOT_FOUND = "Not found"

OF_PEOPLE: Mapping[type[Exception], tuple[int, str]] = {
    BadInvitationError: (401, "This link cannot be used"),
    HalfGoneError: (401, "This took too long"),
    WrongSignInError: (401, "This does not belong together"),
    WrongCodeError: (401, "This code does not fit"),
    TooManyTriesError: (429, "Too many tries"),
    NotAdminError: (403, NOT_YOURS),
    NotLeadError: (403, NOT_YOURS),
    staff.OwnStandingError: (409, "This is your own account"),
    staff.EmailTakenError: (409, "This address is taken"),
    staff.BadMemberError: (422, "Name, address or role does not fit"),
    staff.UnknownMemberError: (404, NOT_FOUND),
    roster.BadHandleError: (422, "This handle cannot be used"),
    roster.HandleTakenError: (409, "This handle is taken"),
    roster.BadProfileError: (422, "Something does not fit"),
    profiles.BadProfileError: (422, "Something does not fit"),
    profiles.StripeKnowsError: (409, "Stripe knows this account"),
    profiles.GuestProfileError: (409, "This is a guest"),
    profiles.NotYourProfilesError: (403, NOT_YOURS),
    UnknownZoneError: (422, "There is no such zone"),
    UnknownTeamError: (422, "There is no such team"),
    sessions.UnknownPersonError: (404, NOT_FOUND),
    tokens.UnknownTokenError: (404, NOT_FOUND),
    tokens.TokenNameError: (422, "The token needs a name"),
    tokens.UnknownRoleError: (422, "There is no such role"),
    scopes.UnknownScopeError: (422, "There is no such scope"),
    WeakPasswordError: (422, "Too easy to guess"),
}
