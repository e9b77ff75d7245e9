"""Two people who work at the made-up company's desk; each is a member like any other."""

import secrets
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx
from prunella.people import Team, invitations, roster, staff
from prunella.people.passwords import Passwords
from prunella.people.staff import Member, StaffRole

HOST = "tai.example"
HOME_ZONE = ZoneInfo("America/Chicago")
"""The zone in which the demo tells its story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hired:
    name: str
    role: StaffRole
    team: Team

    @property
    def email(self) -> str:
        return f"{self.key}@{HOST}"

    @property
    def handle(self) -> str:
        return roster.handle_of(self.name)

    @property
    def key(self) -> str:
        """How the demo's addresses call them."""
        return self.name.split()[0].lower()


MARIGOLD = Hired(name="Marigold Thimble", role="agent", team="support")
BARNABY = Hired(name="Barnaby Quillfeather", role="lead", team="support")
BY_KEY = {one.key: one for one in (MARIGOLD, BARNABY)}


async def hire(house: House) -> None:
    """Let both in by set-up links of their own, with passwords that nobody knows."""
    passwords = Passwords()
    for one in BY_KEY.values():
        kept = await passwords.hash(secrets.token_urlsafe())
        async with house.transaction(SYSTEM) as tx:
            if await staff.of_email(tx, one.email):
                continue
            member = await staff.add(
                tx, name=one.name, email=one.email, role=one.role, teams=[one.team]
            )
            link = await invitations.invite(tx, member.id)
            await invitations.use(tx, link, password_hash=kept, step=0)
            await roster.set_profile(
                tx, member.id, handle=one.handle, signature="", time_zone=HOME_ZONE.key
            )


async def member(tx: Tx, one: Hired) -> Member | None:
    """None until they were hired."""
    return await staff.of_email(tx, one.email)
