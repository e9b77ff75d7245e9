"""Set-up links for colleagues: shown to who made one, and mailed to whose it is."""

from dataclasses import dataclass

from prunella.cases import Letters
from prunella.cases.notify_mail import write_to_colleague
from prunella.connectors.mail import is_address
from prunella.kit.house import Tx
from prunella.people import invitations, staff
from prunella.people.staff import Member

INVITED, AGAIN = "staff_invited", "staff_set_up_again"


@dataclass(frozen=True, slots=True)
class Invited:
    """A set-up link, and the address it was mailed to; empty where no mail goes out."""

    link: str
    mailed_to: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """Makes set-up links. Without a mail server (`mails`) they are shown, and nothing else."""

    letters: Letters
    public_url: str
    mails: bool

    async def invite(self, tx: Tx, member_id: str) -> Invited:
        """Make a link for a member, in place of any other. Raises as `invitations.invite` does."""
        link = self.address(await invitations.invite(tx, member_id))
        member = await staff.must_find(tx, member_id)
        if not self.mails or not is_address(member.email):
            return Invited(link, "")
        await self._write(tx, member, link)
        return Invited(link, member.email)

    def address(self, secret: str) -> str:
        """Return where the secret of a link leads."""
        return f"{self.public_url}/join/{secret}"

    async def _write(self, tx: Tx, member: Member, link: str) -> None:
        template = AGAIN if member.joined_at else INVITED
        letter = self.letters.write(template, link=link, values={"name": member.name})
        await write_to_colleague(tx, member.id, to=member.email, letter=letter)
