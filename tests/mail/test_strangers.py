"""Who may answer into a thread, who is believed to be whom, and who is told anything."""

import pytest
from tests.mail.post import ADA, AGENT, SERVER, US, Post, a_mail

from prunella import cases, people
from prunella.kit.actor import SYSTEM
from prunella.people import staff

EVE = "eve@elsewhere.example"


async def test_a_case_number_in_the_subject_leads_a_stranger_nowhere(post: Post) -> None:
    """Lesson: a ticket number in the subject let strangers into threads."""
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    await post.came(
        a_mail("What is in it?", subject=f"Re: [#{case.number}] Charged twice", sender=EVE),
        sender=EVE,
    )
    first, second = await post.cases()
    assert first.customer != second.customer
    assert [one.text for one in await post.said(first) if one.direction == "in"] == [case.text]


async def test_our_own_message_id_in_a_strangers_mail_opens_a_flagged_case(post: Post) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    await post.came(a_mail("Send it to me", sender=EVE, answers=answer), sender=EVE)
    first, second = await post.cases()
    [facts] = await post.facts(second)
    assert facts.outcome == "stranger"
    [note] = [one for one in await post.said(second) if one.direction == "note"]
    assert str(first.number) in note.text
    assert "Send it to me" not in [one.text for one in await post.said(first)]


@pytest.mark.parametrize("broken", ["last", "none", "other"])
async def test_a_message_id_that_was_made_up_threads_nothing(post: Post, broken: str) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    name, _, domain = str(answer["Message-ID"]).partition("@")
    message, _, mac = name.partition(".")
    last = "a" if mac[-1] != "a" else "b"
    forged = {
        "last": f"{message}.{mac[:-1]}{last}@{domain}",
        "none": f"{message}@{domain}",
        "other": f"{message[:-1]}{'0' if message[-1] != '0' else '1'}.{mac}@{domain}",
    }[broken]
    mail = a_mail("Mine?", headers={"In-Reply-To": forged})
    await post.came(mail)
    assert len(await post.cases()) == 2


async def test_who_was_in_copy_may_answer_and_stays_in_copy(post: Post) -> None:
    await post.ada()
    bo = "bo@northbeck.example"
    await post.came(a_mail(cc=f"Bo <{bo}>, {US}"))
    [case] = await post.cases()
    answer = await post.answer(case, "You get it back today.")
    assert answer["Cc"] == bo
    await post.came(a_mail("And when?", sender=bo, answers=answer), sender=bo)
    [same] = await post.cases()
    assert [one.text for one in await post.said(same)][-1] == "And when?"


@pytest.mark.parametrize(
    ("results", "verified"),
    [
        ([f"{SERVER}; dmarc=pass header.from=northbeck.example"], True),
        ([f"{SERVER} 1; spf=pass; dmarc=pass (p=reject) header.from=NorthBeck.example"], True),
        ([f"{SERVER}; dmarc=fail header.from=northbeck.example"], False),
        ([f"{SERVER}; dmarc=pass header.from=elsewhere.example"], False),
        ([f"{SERVER}; dkim=pass header.d=northbeck.example"], False),
        (["mx.evil.example; dmarc=pass header.from=northbeck.example"], False),
        ([f"{SERVER}; dmarc=none", f"{SERVER}; dmarc=pass header.from=northbeck.example"], False),
        ([f"{SERVER}; dkim=fail (dmarc=pass header.from=northbeck.example)"], False),
        ([], False),
    ],
)
async def test_only_our_own_mail_server_vouches_for_a_sender(
    post: Post,
    results: list[str],
    verified: bool,  # noqa: FBT001 pytest passes it by name
) -> None:
    await post.ada()
    mail = a_mail(aligned=False)
    for one in results:
        mail["Authentication-Results"] = one
    await post.came(mail)
    [case] = await post.cases()
    [facts] = await post.facts(case)
    assert facts.verified is verified


async def test_two_senders_in_one_mail_are_never_verified(post: Post) -> None:
    await post.ada()
    raw = a_mail().as_bytes().replace(b"From: Ada", b"From: eve@elsewhere.example\nFrom: Ada", 1)
    await post.came(raw)
    assert not any(one.verified for one in await post.letterbox())


async def test_a_stranger_is_a_guest_who_is_told_nothing_and_never_verified(post: Post) -> None:
    """Lesson: an automatic acknowledgement echoed attacker text to a victim's address."""
    for n in range(5):
        mail = a_mail(f"Buy pills {n} at http://spam.example", subject=f"Pills {n}", sender=EVE)
        await post.came(mail, sender=EVE)
    found = await post.cases()
    async with post.rooms.house.transaction(SYSTEM) as tx:
        guest = await people.find_customer(tx, found[0].customer)
    assert guest
    assert guest.guest
    assert {one.customer for one in found} == {guest.id}
    [told] = post.out.taken
    assert told["To"] == EVE
    for part in told.walk():
        assert "pills" not in str(part.get_payload()).lower()
    assert "Pills" not in told["Subject"]
    assert told["Auto-Submitted"] == "auto-replied"
    assert told["X-Auto-Response-Suppress"] == "All"
    post.clock.advance(hours=25)
    await post.came(a_mail("Again", sender=EVE), sender=EVE)
    assert len(post.out.taken) == 2


async def test_a_mail_that_only_claims_a_customers_address_is_answered_without_content(
    post: Post,
) -> None:
    ada = await post.ada()
    await post.came(a_mail("My card is 4242", aligned=False))
    [case] = await post.cases()
    assert case.customer == ada.id
    [told] = post.out.taken
    assert str(case.number) not in told["Subject"]
    assert "Charged twice" not in str(told)


async def test_each_verified_question_is_received_and_none_is_received_twice_in_an_hour(
    post: Post,
) -> None:
    await post.ada()
    for subject in ("Charged twice", "A new card", "Re: Charged twice"):
        await post.came(a_mail(subject=subject))
    assert len(await post.cases()) == 3
    assert len(post.out.taken) == 2


async def test_an_answer_to_a_letter_is_a_case_about_what_the_letter_was_about(post: Post) -> None:
    ada = await post.ada()
    async with post.rooms.house.transaction(SYSTEM) as tx:
        contact = await cases.open_contact(
            tx, ada.id, channel="mail", direction="outbound", tier="prevent", subject="in_1"
        )
        letter = cases.Letter("Your bank said no", "Pay with another card.", "<p>Pay.</p>")
        await cases.write_mail(tx, contact, to=ADA, letter=letter)
    await post.send()
    [letter_out] = post.out.taken
    await post.came(a_mail("Which card?", subject="Re: Your bank", answers=letter_out))
    [case] = await post.cases()
    assert (case.customer, case.about) == (ada.id, "in_1")


async def test_a_late_answer_to_a_closed_case_goes_on_in_a_linked_one(post: Post) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    answer = await post.answer(case, "Done.", status="solved")
    post.clock.advance(days=8)
    async with post.rooms.house.transaction(AGENT) as tx:
        known = await cases.get_case(tx, case.id)
        assert known
        await known.set(tx, status="closed")
    await post.came(a_mail("It came back", answers=answer))
    first, second = await post.cases()
    assert (first.status, second.status) == ("closed", "new")
    async with post.rooms.house.transaction(SYSTEM) as tx:
        assert [link.id for link in await second.links(tx)] == [first.id]
    again = await post.answer(second, "We look again.")
    assert again["To"] == ADA


async def test_what_a_colleague_forwards_is_the_customers_question(post: Post) -> None:
    ada = await post.ada()
    boss = "lin@tai.example"
    async with post.rooms.house.transaction(people.tokens.ADMIN) as tx:
        await staff.add(tx, name="Lin", email=boss, role="agent")
        await tx.execute("update staff set joined_at = %s", (tx.now,))
    text = (
        "Please look at this.\n\n---------- Forwarded message ---------\n"
        f"From: Ada Beck <{ADA}>\nDate: Tue, 3 Mar 2026\nSubject: Charged twice\n"
        f"To: {boss}\n\nI was charged twice.\n"
    )
    await post.came(a_mail(text, subject="Fwd: Charged twice", sender=boss), sender=boss)
    [case] = await post.cases()
    assert (case.customer, case.subject) == (ada.id, "Charged twice")
    said = await post.said(case)
    assert [(one.direction, one.text) for one in said] == [
        ("in", "I was charged twice."),
        ("note", "Please look at this."),
    ]
    assert post.out.taken == []
    await post.came(a_mail(text, subject="Fwd: X", sender=boss, aligned=False), sender=boss)
    assert (await post.cases())[1].customer != ada.id
    answer = await post.answer(case, "You get it back today.")
    assert answer["To"] == ADA
