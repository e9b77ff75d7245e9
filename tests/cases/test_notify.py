"""Colleagues hear of what concerns them, the way they wish, and only once."""

from dataclasses import replace

import pytest
from tests.conftest import MakeHouse, TestClock
from tests.diagnostics.stripe_json import words

from prunella import cases, people
from prunella.cases import Case, notify
from prunella.cases.notify import Wish
from prunella.cases.notify_mail import NoticeMails, gather
from prunella.connectors.mail import MemoryMail
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import Event, deliver
from prunella.kit.house import House, Tx
from prunella.kit.timers import fire_one
from prunella.people import staff

ADMIN = Actor(kind="staff", id="admin", role="admin", verified=True)
TABLE = {
    "case.assigned": [("assigned", notify.on_assigned)],
    "case.mentioned": [("mentioned", notify.on_mentioned)],
    "case.heard": [("heard", notify.on_heard)],
    "case.sla_breached": [("breached", notify.on_breached)],
}


class Office:
    """Ann, who works here, and a case; with the mails that reach her."""

    def __init__(self, house: House, ann: str, customer: people.Customer, case: Case) -> None:
        self.house, self.ann, self.customer, self.case = house, ann, customer, case
        self.post = MemoryMail()
        self.mails = NoticeMails(
            house, self.post, words(), "desk@desk.example", "https://d.example"
        )

    def acting(self, tx: Tx, who: str) -> Tx:
        role = "admin" if who == "admin" else "agent"
        return replace(tx, actor=Actor(kind="staff", id=who, role=role, verified=True))

    async def settle(self) -> None:
        while await deliver(self.house):
            pass

    async def told(self, who: str = "") -> list[str]:
        await self.settle()
        async with self.house.transaction(SYSTEM) as tx:
            page = await notify.notices_of(self.acting(tx, who or self.ann))
            return [one.kind for one in page.data]

    async def asks_again(self, text: str = "Hello?") -> None:
        theirs = Actor(kind="customer", id=self.customer.id, role="owner", verified=True)
        async with self.house.transaction(theirs) as tx:
            await self.case.add_message(tx, text)

    async def mailed(self) -> list[str]:
        """Fire the timers that are due, then send what they gathered; returns the texts."""
        await self.settle()
        while await fire_one(self.house):
            pass
        async with self.house.transaction(SYSTEM) as tx:
            waiting = await tx.all("select id from staff_notice_mails where sent_at is null")
        before = len(self.post.taken)
        for row in waiting:
            await self.mails.send(mail=row["id"])
            await self.mails.send(mail=row["id"])
        return [str(message.get_content()) for message in self.post.taken[before:]]


@pytest.fixture
async def office(make_house: MakeHouse) -> Office:
    house = await make_house(listeners=TABLE, handlers={notify.MAIL: gather})
    async with house.transaction(ADMIN) as tx:
        ann = await staff.add(
            tx, name="Ann", email="ann@desk.example", role="agent", teams=["support"]
        )
        customer = await people.add_customer(tx, name="Northbeck")
        case = await cases.open_case(tx, customer, subject="VAT", because="asked")
    await has_joined(house, ann.id)
    return Office(house, ann.id, customer, case)


async def has_joined(house: House, member: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("update staff set joined_at = %s where id = %s", (tx.now, member))


async def test_who_is_given_a_case_hears_of_it_but_not_who_takes_one(office: Office) -> None:
    async with office.house.transaction(ADMIN) as tx:
        await office.case.assign(tx, to=office.ann)
    assert await office.told() == ["assigned"]
    async with office.house.transaction(ADMIN) as tx:
        await office.case.assign(tx, to="admin")
        assert await notify.unread(tx) == 0
    assert await office.told("admin") == []


async def test_a_note_calls_whom_it_names(office: Office) -> None:
    async with office.house.transaction(ADMIN) as tx:
        await office.case.note(tx, "@ann, is that so? @admin")
    assert (await office.told(), await office.told("admin")) == (["mentioned"], [])


async def test_what_is_not_read_yet_is_not_told_twice(office: Office) -> None:
    async with office.house.transaction(ADMIN) as tx:
        await office.case.assign(tx, to=office.ann)
    await office.asks_again()
    await office.asks_again("Anybody?")
    assert await office.told() == ["heard", "assigned"]
    async with office.house.transaction(SYSTEM) as tx:
        ann = office.acting(tx, office.ann)
        assert await notify.unread(ann) == 2
        assert await notify.read_notices(ann, case=office.case.id) == 2
        assert await notify.unread(ann) == 0
    await office.asks_again("And now?")
    assert await office.told() == ["heard", "heard", "assigned"]


async def test_a_late_case_of_nobody_is_everybodys_of_the_team(office: Office) -> None:
    async with office.house.transaction(SYSTEM) as tx:
        data = {"assignee": None, "team": "support"}
        await tx.emit(Event("case.sla_breached", office.case.id, None, data))
    assert (await office.told(), await office.told("admin")) == (["sla_breached"], [])


async def test_a_wish_decides_how_one_is_told(office: Office) -> None:
    async with office.house.transaction(SYSTEM) as tx:
        ann = office.acting(tx, office.ann)
        await notify.set_wishes(ann, {"assigned": Wish(shown=False, mailed=False)})
        wishes = await notify.wishes_of(ann, office.ann)
        assert not wishes["assigned"].shown
        assert wishes["mentioned"] == notify.DEFAULTS["mentioned"]
    async with office.house.transaction(ADMIN) as tx:
        await office.case.assign(tx, to=office.ann)
    assert await office.told() == []


async def test_mail_gathers_what_was_not_read_and_goes_out_once(
    office: Office, clock: TestClock
) -> None:
    async with office.house.transaction(ADMIN) as tx:
        for number in range(3):
            await office.case.note(tx, f"@ann {number}")
    await office.settle()
    assert await office.mailed() == []
    async with office.house.transaction(SYSTEM) as tx:
        ann = office.acting(tx, office.ann)
        newest = (await notify.notices_of(ann)).data[0]
        await notify.read_notices(ann, notice=newest.id)
    clock.advance(minutes=11)
    [text] = await office.mailed()
    assert text.count(f"#{office.case.number} VAT") == 2
    assert f"https://d.example/desk/cases/{office.case.id}" in text
    clock.advance(minutes=30)
    assert await office.mailed() == []


async def test_what_was_read_in_time_is_not_mailed(office: Office, clock: TestClock) -> None:
    async with office.house.transaction(ADMIN) as tx:
        await office.case.note(tx, "@ann")
    await office.settle()
    async with office.house.transaction(SYSTEM) as tx:
        await notify.read_notices(office.acting(tx, office.ann))
    clock.advance(minutes=11)
    assert await office.mailed() == []


async def test_mail_to_colleagues_is_no_letter_to_a_customer(
    office: Office, clock: TestClock
) -> None:
    async with office.house.transaction(ADMIN) as tx:
        await office.case.note(tx, "@ann")
    await office.settle()
    clock.advance(minutes=11)
    await office.mailed()
    [mail] = office.post.taken
    assert (mail["To"], mail["Auto-Submitted"]) == ("ann@desk.example", "auto-generated")
    async with office.house.transaction(SYSTEM) as tx:
        assert await tx.all("select 1 from outbox") == []


async def test_who_left_is_told_nothing(office: Office, clock: TestClock) -> None:
    async with office.house.transaction(ADMIN) as tx:
        await office.case.note(tx, "@ann")
    await office.settle()
    async with office.house.transaction(ADMIN) as tx:
        await tx.execute("update staff set disabled_at = %s where id = %s", (tx.now, office.ann))
    clock.advance(minutes=11)
    assert await office.mailed() == []
