"""A set-up link is mailed to whose it is, once, and stands nowhere afterwards."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from tests.conftest import MakeHouse, TestClock
from tests.diagnostics.stripe_json import words
from tests.people.team import joined

from prunella.cases import Letters, notify_mail
from prunella.cases.notify_mail import NoticeMails
from prunella.connectors.mail import MailTransientError, MemoryMail
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House
from prunella.people import invitations, staff
from prunella.settings import load_content, shipped
from prunella.tiers.desk.welcome import Invited, Welcome

ADMIN = Actor(kind="staff", id="admin", role="admin", verified=True)
BEN = "ben@tai.example"


class Office:
    """An admin who invites, and the mails that reach who was invited."""

    def __init__(self, house: House) -> None:
        self.house, self.post = house, MemoryMail()
        letters = Letters(load_content(shipped("content")), "TAI")
        self.welcome = Welcome(letters, "https://desk.tai.example", mails=True)
        self.sender = NoticeMails(
            house, self.post, words(), "desk@tai.example", "https://d.example"
        )

    async def invite(self, email: str = BEN) -> Invited:
        async with self.house.transaction(ADMIN) as tx:
            member = await staff.add(tx, name="Ben Okoro", email=email, role="agent")
            return await self.welcome.invite(tx, member.id)

    async def rows(self) -> list[dict[str, Any]]:
        async with self.house.transaction(SYSTEM) as tx:
            return [dict(row) for row in await tx.all("select * from staff_notice_mails")]

    async def send(self) -> list[EmailMessage]:
        """Run the job of each mail twice, as after a worker that died."""
        before = len(self.post.taken)
        for row in 2 * await self.rows():
            await self.sender.send(mail=row["id"])
        return self.post.taken[before:]


@pytest.fixture
async def office(make_house: MakeHouse) -> Office:
    return Office(await make_house())


async def test_who_is_invited_gets_the_link_by_mail_once(office: Office) -> None:
    invited = await office.invite()
    assert invited.mailed_to == BEN
    [mail] = await office.send()
    assert (mail["To"], mail["Auto-Submitted"]) == (BEN, "auto-generated")
    assert mail["Subject"] == "Your way in to the desk of TAI"
    text, html = (str(part.get_content()) for part in mail.iter_parts())
    assert invited.link in text
    assert invited.link in html
    assert "Ben Okoro" in text
    async with office.house.transaction(SYSTEM) as tx:
        assert (await invitations.read(tx, invited.link.rpartition("/")[2])).member


async def test_the_secret_stands_nowhere_once_it_was_sent(office: Office) -> None:
    secret = (await office.invite()).link.rpartition("/")[2]
    async with office.house.transaction(SYSTEM) as tx:
        tables = ["audit_entries", "events", "procrastinate_jobs", "invitations"]
        for table in tables:
            rows = await tx.all(f"select t::text as it from {table} t")  # noqa: S608 our own names
            assert not any(secret in row["it"] for row in rows), table
    await office.send()
    assert secret not in str(await office.rows())


async def test_an_address_that_refuses_is_noted_and_the_letter_let_go(office: Office) -> None:
    office.post.answers[BEN] = 550
    await office.invite()
    assert await office.send() == []
    [row] = await office.rows()
    assert (row["error"], row["text"], row["sent_at"]) == ("550", None, None)


async def test_a_server_that_is_away_for_a_week_is_waited_for_and_then_let_go(
    office: Office, clock: TestClock
) -> None:
    office.post.answers[BEN] = 450
    await office.invite()
    with pytest.raises(MailTransientError):
        await office.send()
    for days, gone in ((6, 0), (2, 1)):
        clock.time += timedelta(days=days)
        async with office.house.transaction(SYSTEM) as tx:
            assert await notify_mail.forget_letters(tx) == gone
    [row] = await office.rows()
    assert (row["text"], "7 days" in row["error"]) == (None, True)


async def test_who_lost_their_phone_reads_that_it_replaces_what_they_had(office: Office) -> None:
    ana = await joined(office.house)
    async with office.house.transaction(ADMIN) as tx:
        await office.welcome.invite(tx, ana.member.id)
    [mail] = await office.send()
    assert mail["Subject"] == "A new way in to the desk of TAI"


async def test_without_a_mail_server_or_a_real_address_it_is_shown_alone(office: Office) -> None:
    assert (await office.invite("b(en@tai.example")).mailed_to == ""
    office.welcome = replace(office.welcome, mails=False)
    invited = await office.invite("ida@tai.example")
    assert (invited.mailed_to, await office.rows()) == ("", [])
    assert invited.link.startswith("https://desk.tai.example/join/join_")
