"""A mail becomes a case, the answer goes out, and what the customer answers comes back to it."""

from tests.mail.post import ADA, US, Post, a_mail


async def test_a_mail_a_case_an_answer_and_the_customers_answer_in_one_thread(post: Post) -> None:
    ada = await post.ada()
    first = a_mail()
    await post.came(first)
    [case] = await post.cases()
    assert (case.customer, case.subject, case.channel) == (ada.id, "Charged twice", "mail")
    [facts] = await post.facts(case)
    assert (facts.sender, facts.sender_name, facts.verified) == (ADA, "Ada Beck", True)
    [received] = post.out.taken
    assert received["To"] == ADA
    assert str(case.number) in received.get_body(("plain",)).get_content()  # type: ignore[union-attr] # it has one

    answer = await post.answer(case, "You get it back today.")
    assert (answer["To"], answer["Subject"]) == (ADA, "Re: Charged twice")
    assert answer["From"] == f'"TAI billing" <{US}>' or US in answer["From"]
    assert answer["In-Reply-To"] == first["Message-ID"]
    assert str(received["Message-ID"]) in answer["References"]
    assert "Auto-Submitted" not in answer

    await post.came(a_mail("Thank you!", subject="Re: Charged twice", answers=answer))
    [same] = await post.cases()
    assert same.status == "open"
    said = await post.said(same)
    assert [(one.direction, one.author_kind) for one in said if one.author_kind != "system"] == [
        ("in", "customer"),
        ("out", "staff"),
        ("in", "customer"),
    ]
    assert len(post.out.taken) == 2  # what threads in is not acknowledged


async def test_many_mails_at_once_and_those_of_one_sender_stay_in_order(post: Post) -> None:
    senders = [ADA, "ben@southbay.example", "cleo@westlake.example"]
    for number in range(6):
        for sender in senders:
            await post.deliver(a_mail(subject=f"Part {number}", sender=sender), sender=sender)
    await post.take()
    assert {one.state for one in await post.letterbox()} == {"done"}
    opened = sorted(await post.cases(), key=lambda one: one.number)
    of_guest: dict[str, list[str]] = {}
    for case in opened:
        of_guest.setdefault(case.customer, []).append(case.subject)
    assert list(of_guest.values()) == [[f"Part {number}" for number in range(6)]] * len(senders)
