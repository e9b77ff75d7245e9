"""What machines write: it is never answered by a machine, opens nothing, and is never lost."""

from email.message import EmailMessage

import pytest
from tests.mail.post import ADA, US, Post, a_mail

from prunella import cases
from prunella.kit.actor import SYSTEM

MACHINES = [
    {"Auto-Submitted": "auto-replied"},
    {"Auto-Submitted": "auto-generated; owner-email=a@b.example"},
    {"X-Autoreply": "yes"},
    {"Precedence": "auto_reply"},
    {"Precedence": "junk"},
    {"X-Loop": "somebody@else.example"},
    {"Return-Path": "<>"},
]
QUIET = [{"Precedence": "bulk"}, {"Precedence": "list"}, {"X-Auto-Response-Suppress": "All"}]


@pytest.mark.parametrize("headers", MACHINES)
async def test_a_machines_mail_opens_no_case_and_can_be_made_one_by_hand(
    post: Post, headers: dict[str, str]
) -> None:
    await post.ada()
    await post.came(a_mail(headers=headers))
    assert await post.cases() == []
    assert post.out.taken == []
    [kept] = await post.letterbox("done")
    assert (kept.outcome, kept.error) == ("machine", next(iter(headers)))
    async with post.rooms.house.transaction(SYSTEM) as tx:
        assert await cases.mail.try_again(tx, kept.id, as_case=True)
    await post.take()
    [case] = await post.cases()
    assert case.subject == "Charged twice"
    assert post.out.taken == []


async def test_an_empty_envelope_sender_is_a_machine(post: Post) -> None:
    await post.ada()
    await post.came(a_mail(), sender="")
    assert await post.cases() == []


@pytest.mark.parametrize("headers", QUIET)
async def test_a_person_on_a_list_gets_a_case_and_no_automatic_answer(
    post: Post, headers: dict[str, str]
) -> None:
    await post.ada()
    await post.came(a_mail(headers=headers))
    assert len(await post.cases()) == 1
    assert post.out.taken == []


async def test_an_out_of_office_is_noted_on_its_case_and_opens_nothing(post: Post) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    away = a_mail("I am away.", answers=answer, headers={"Auto-Submitted": "auto-replied"})
    await post.came(away)
    [same] = await post.cases()
    assert same.status == "pending"
    last = (await post.said(same))[-1]
    assert (last.direction, last.author_kind) == ("note", "system")
    assert "I am away." in last.text
    assert len(post.out.taken) == 2


async def test_mail_from_our_own_address_goes_round_no_further(post: Post) -> None:
    await post.came(a_mail(sender=f"TAI billing <{US}>"), sender=US)
    await post.came(a_mail(sender="billing+x@tai.example"), sender="billing+x@tai.example")
    assert await post.cases() == []
    assert [one.outcome for one in await post.letterbox()] == ["ours", "ours"]


async def test_spam_is_a_case_in_the_spam_folder_and_never_answered(post: Post) -> None:
    for headers in ({"X-Spam-Flag": "YES"}, {"X-Spam-Status": "Yes, score=9"}, {"X-Spam": "yes"}):
        await post.came(a_mail(headers=headers))
    found = await post.cases()
    assert [one.spam for one in found] == [True] * 3
    assert post.out.taken == []


async def test_whom_we_surely_know_is_no_spammer(post: Post) -> None:
    await post.ada()
    await post.came(a_mail(headers={"X-Spam-Flag": "YES"}))
    [case] = await post.cases()
    assert not case.spam
    assert len(post.out.taken) == 1


def a_bounce(of: EmailMessage, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: Mail Delivery System <mailer-daemon@mx.tai.example>\r\n"
        f"To: {US}\r\nSubject: Undelivered Mail\r\n"
        f"Message-ID: <bounce-{action}-{status}@mx.tai.example>\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail was not delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.tai.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ADA}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {of['Message-ID']}\r\nSubject: {of['Subject']}\r\n\r\n"
        "--b--\r\n"
    ).encode()


async def test_a_mail_that_comes_back_is_failed_and_its_case_told(post: Post) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    await post.came(a_bounce(answer), sender="")
    [same] = await post.cases()
    assert same.status == "open"
    [note] = [one for one in await post.said(same) if one.direction == "note"]
    assert ADA in note.text
    assert "no such user" in note.text
    sent = (await post.said(same))[-2]
    async with post.rooms.house.transaction(SYSTEM) as tx:
        failed = await cases.outbox(tx, states=["failed"])
    assert [one.case for one in failed] == [case.id]
    assert sent.direction == "out"
    await post.came(a_bounce(answer, status="5.1.2"), sender="")
    assert len(await post.said(same)) == len(await post.said((await post.cases())[0]))


async def test_a_mail_that_comes_back_is_told_to_the_case_that_its_own_went_into(
    post: Post,
) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    await post.came(a_mail(subject="Something else"))
    [_, other] = await post.cases()
    async with post.rooms.house.transaction(SYSTEM) as tx:
        await case.merge_into(tx, other)
    await post.came(a_bounce(answer), sender="")
    [_, told] = await post.cases()
    assert (told.id, told.status) == (other.id, "new")
    notes = [one.text for one in await post.said(told) if one.direction == "note"]
    assert any("no such user" in text for text in notes)


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2")])
async def test_a_delay_is_no_failure(post: Post, action: str, status: str) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    await post.came(a_bounce(answer, action=action, status=status), sender="")
    [same] = await post.cases()
    assert same.status == "pending"


async def test_a_made_up_bounce_changes_nothing(post: Post) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    forged = EmailMessage()
    forged["Message-ID"] = str(answer["Message-ID"]).replace(".", ".a", 1)
    forged["Subject"] = "x"
    await post.came(a_bounce(forged), sender="")
    assert [one.status for one in await post.cases()] == ["pending"]
