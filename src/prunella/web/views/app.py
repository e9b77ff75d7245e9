"""An authenticator app to connect: a picture for its camera, letters for who types."""

from dataclasses import dataclass

from markupsafe import Markup

from prunella.people import totp


@dataclass(frozen=True, slots=True)
class AppShown:
    drawn: Markup
    spelled: str


def app_shown(secret: str, *, account: str) -> AppShown:
    drawn = Markup(totp.drawn(secret, account=account))  # noqa: S704 lines and numbers, drawn by us
    return AppShown(drawn=drawn, spelled=totp.spelled(secret))
