"""Staff members for a test: set up as a person would, with a hasher that is quick."""

from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher

from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House
from prunella.people import invitations, staff, totp
from prunella.people.passwords import Passwords
from prunella.people.sessions import Where
from prunella.people.staff import Member

PASSWORD = "four plain words together"
HERE = Where(device="Firefox on Linux", address="192.0.2.7")
STEP = timedelta(seconds=totp.STEP_S)


def quick_passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Joined:
    """A member who has set up their way in, with the app that they hold in their hand."""

    member: Member
    secret: str
    recovery_codes: list[str]
    password: str = PASSWORD

    def code(self, steps: int = 1) -> str:
        """What the app shows one step ahead: the code of now was used when it was set up."""
        return totp.code_at(self.secret, system_now() + steps * STEP)


async def joined(
    house: House, name: str = "Ana Ruiz", role: str = "agent", passwords: Passwords | None = None
) -> Joined:
    email = f"{name.lower().replace(' ', '.')}@tai.example"
    async with house.transaction(SYSTEM) as tx:
        member = await staff.add(tx, name=name, email=email, role=role)
        link = await invitations.invite(tx, member.id)
        invitation = await invitations.read(tx, link)
        code = totp.code_at(invitation.totp_secret, system_now())
        done = await invitations.use(
            tx,
            link,
            password_hash=await (passwords or quick_passwords()).hash(PASSWORD),
            step=invitations.check_code(invitation, code),
        )
    return Joined(done.member, invitation.totp_secret, done.recovery_codes)
