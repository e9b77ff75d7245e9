"""An authenticator app to connect: a picture, a link on the phone itself, letters to type."""

from dataclasses import dataclass

from markupsafe import Markup

from prunella.people import totp


@dataclass(frozen=True, slots=True)
class AppShown:
    drawn: Markup
    address: str
    spelled: str


def app_shown(secret: str, *, account: str) -> AppShown:
    drawn = Markup(totp.drawn(secret, account=account))  # noqa: S704 lines and numbers, drawn by us
    address = totp.address(secret, account=account)
    return AppShown(drawn=drawn, address=address, spelled=totp.spelled(secret))
