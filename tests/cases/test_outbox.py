"""Mail goes out at least once, under one id, and what does not go out can be seen."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from prunella import cases, people
from prunella.cases import Contact, Letter, Message, Outbox
from prunella.cases.composing import BadHeaderError
from prunella.cases.outgoing import NO_ADDRESS, NO_SERVER
from prunella.connectors.mail import MemoryMail
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import House, Tx

LETTER = Letter(subject="Your bank said no", text="Pay with another card.\n", html="<p>Pay.</p>")
SENDER = "TAI billing <billing@tai.example>"
TO = "pay@northbeck.example"


class CrashingMail(MemoryMail):
    """The server takes the message; then everything goes dark before we hear of it."""

    async def send(self, message: Any) -> None:
        await super().send(message)
        raise KeyboardInterrupt


def undo() -> None:
    raise psycopg.Rollback


async def a_contact(tx: Tx) -> Contact:
    customer = await people.add_customer(tx, name="Northbeck")
    return await cases.open_contact(
        tx, customer.id, channel="mail", direction="outbound", tier="prevent", subject="in_1"
    )


async def written(house: House, *, to: str = TO, **more: Any) -> Message:
    async with house.transaction(SYSTEM) as tx:
        return await cases.write_mail(tx, await a_contact(tx), to=to, letter=LETTER, **more)


async def row_of(house: House, message: Message) -> dict[str, Any]:
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select * from outbox where message = %s", (message.id,))
        assert row is not None
        return row


async def events_of(house: House, message: Message) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        rows = await tx.all("select name from events where subject = %s", (message.id,))
        return [row["name"] for row in rows]


async def test_a_mail_goes_out_once_whole_and_tells_machines_not_to_answer(house: House) -> None:
    message = await written(house, headers={"X-Prunella-Contact": "cnt_1"})
    mail = MemoryMail()
    outbox = Outbox(house, mail, SENDER)
    assert [await outbox.step() for _ in range(2)] == [1, 0]
    [sent] = mail.taken
    async with house.transaction(SYSTEM) as tx:
        assert await cases.mail.genuine(tx, [sent["Message-ID"]]) == [message.id]
    assert sent["Message-ID"].endswith("@tai.example>")
    assert (sent["From"], sent["To"]) == (SENDER, TO)
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert sent["X-Prunella-Contact"] == "cnt_1"
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    assert await events_of(house, message) == ["mail.sent"]
    assert (await row_of(house, message))["state"] == "sent"


async def test_a_persons_own_mail_is_not_called_automatic(house: House) -> None:
    await written(house, automatic=False)
    mail = MemoryMail()
    await Outbox(house, mail, SENDER).step()
    assert mail.taken[0]["Auto-Submitted"] is None


async def test_a_crash_after_the_server_took_it_sends_the_same_id_again(house: House) -> None:
    message = await written(house)
    crashing = CrashingMail()
    with pytest.raises(KeyboardInterrupt):
        await Outbox(house, crashing, SENDER).step()
    mail = MemoryMail()
    other = Outbox(house, mail, "Other <other@new.example>")
    assert await other.step() == 0
    await make_due(house, message)
    assert await other.step() == 1
    assert crashing.taken[0]["Message-ID"] == mail.taken[0]["Message-ID"]
    assert await events_of(house, message) == ["mail.sent"]


async def test_an_undone_change_writes_no_mail(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
    async with house.transaction(SYSTEM) as tx:
        await cases.write_mail(tx, contact, to=TO, letter=LETTER)
        undo()
    async with house.transaction(SYSTEM) as tx:
        assert not await cases.has_been_told(tx, contact)


async def test_not_now_is_tried_again_later(house: House) -> None:
    message = await written(house)
    mail = MemoryMail()
    mail.answers[TO] = 450
    outbox = Outbox(house, mail, SENDER)
    assert await outbox.step() == 1
    row = await row_of(house, message)
    assert (row["state"], row["attempts"], row["error"]) == ("waiting", 1, "450")
    assert await outbox.step() == 0
    await make_due(house, message)
    mail.answers.clear()
    assert await outbox.step() == 1
    assert len(mail.taken) == 1


class BrokenMail(MemoryMail):
    """It fails as nobody foresaw."""

    async def send(self, message: Any) -> None:
        raise LookupError(message["To"])


async def test_a_mail_that_nobody_can_send_is_tried_later_and_ends_no_worker(house: House) -> None:
    message = await written(house)
    assert await Outbox(house, BrokenMail(), SENDER).step() == 1
    row = await row_of(house, message)
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert "LookupError" in row["error"]
    assert row["next_at"] > system_now()


class SlowMail(MemoryMail):
    """So slow that its lease is over, and another has sent it by then."""

    def __init__(self, house: House, slow: Message) -> None:
        super().__init__()
        self._house, self._slow = house, slow
        self.answers[TO] = 450

    async def send(self, message: Any) -> None:
        await make_due(self._house, self._slow)
        await Outbox(self._house, MemoryMail(), SENDER).step()
        await super().send(message)


async def test_who_was_too_slow_changes_nothing_about_a_mail_that_another_has_sent(
    house: House,
) -> None:
    message = await written(house)
    await Outbox(house, SlowMail(house, message), SENDER).step()
    row = await row_of(house, message)
    assert (row["state"], row["attempts"], row["error"]) == ("sent", 2, "")
    assert await events_of(house, message) == ["mail.sent"]


async def test_several_at_once_send_each_mail_once(house: House) -> None:
    messages = [await written(house, automatic=False) for _ in range(6)]
    mail = MemoryMail()
    outbox = Outbox(house, mail, SENDER)
    assert sum(await asyncio.gather(*(outbox.step() for _ in range(8)))) == len(messages)
    assert len({one["Message-ID"] for one in mail.taken}) == len(mail.taken) == len(messages)


async def make_due(house: House, message: Message) -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.execute(
            "update outbox set next_at = %s where message = %s",
            (system_now() - timedelta(seconds=1), message.id),
        )


async def test_waits_grow_to_an_hour_and_end_after_days(house: House) -> None:
    message = await written(house)
    mail = MemoryMail()
    mail.answers[TO] = 450
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("update outbox set attempts = 120 where message = %s", (message.id,))
    outbox = Outbox(house, mail, SENDER)
    await outbox.step()
    wait = (await row_of(house, message))["next_at"] - system_now()
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    for _ in range(9):
        await make_due(house, message)
        await outbox.step()
    assert (await row_of(house, message))["state"] == "failed"
    assert await events_of(house, message) == ["mail.failed"]


async def test_never_is_failed_and_can_be_seen(house: House) -> None:
    message = await written(house)
    mail = MemoryMail()
    mail.answers[TO] = 550
    await Outbox(house, mail, SENDER).step()
    assert await events_of(house, message) == ["mail.failed"]
    async with house.transaction(SYSTEM) as tx:
        [seen] = [s for s in await cases.outbox(tx, states=("failed",)) if s.message == message.id]
    assert (seen.state, seen.error, seen.recipient) == ("failed", "550", TO)


async def test_without_a_mail_server_it_waits_and_says_why(house: House) -> None:
    message = await written(house)
    unset = Outbox(house, None, SENDER)
    assert [await unset.step() for _ in range(2)] == [1, 0]
    row = await row_of(house, message)
    assert (row["state"], row["attempts"], row["error"]) == ("waiting", 0, NO_SERVER)
    assert await Outbox(house, MemoryMail(), SENDER).step() == 1


@pytest.mark.parametrize("to", ["", "nobody", f"{TO}\r\nBcc: x@y.example", f"{TO}, x@y.example"])
async def test_an_address_that_is_none_fails_visibly_and_is_never_tried(
    house: House, to: str
) -> None:
    message = await written(house, to=to)
    row = await row_of(house, message)
    assert (row["state"], row["error"]) == ("failed", NO_ADDRESS)
    assert await Outbox(house, MemoryMail(), SENDER).step() == 0
    assert await events_of(house, message) == ["mail.failed"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("Bcc", "x@y.example"), ("X-A", "b\r\nBcc: x@y.example"), ("X A", "b"), ("to", TO)],
)
async def test_no_header_smuggles_anything_in(house: House, name: str, value: str) -> None:
    with pytest.raises(BadHeaderError):
        await written(house, headers={name: value})


async def test_a_subject_stays_one_line(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        letter = Letter(subject="Hello\r\nBcc: x@y.example", text="Hello.", html="")
        await cases.write_mail(tx, await a_contact(tx), to=TO, letter=letter)
    mail = MemoryMail()
    await Outbox(house, mail, SENDER).step()
    assert mail.taken[0]["Subject"] == "Hello Bcc: x@y.example"
    assert mail.taken[0]["Bcc"] is None


async def test_a_contact_knows_whether_it_was_written_to(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        contact = await a_contact(tx)
        assert not await cases.has_been_told(tx, contact)
        await cases.write_mail(tx, contact, to=TO, letter=LETTER)
        assert await cases.has_been_told(tx, contact)


async def test_what_went_out_about_an_invoice_can_be_told(house: House) -> None:
    message = await written(house)

    async def times(customer: str) -> list[datetime]:
        async with house.transaction(SYSTEM) as tx:
            return await cases.written_about(tx, customer, subject="in_1")

    assert await times(message.customer) == []
    await Outbox(house, MemoryMail(), SENDER).step()
    assert await times(message.customer) == [message.created_at]
    assert await times("cust_other") == []
