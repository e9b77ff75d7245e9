"""What is in a mail: kept whole, shown folded, made safe, and never lost because it is odd."""

from email.message import EmailMessage

import pytest
from tests.mail.post import ADA, AGENT, US, Post, a_mail

from prunella import cases
from prunella.connectors.mail import fold
from prunella.connectors.mail.reading import Incoming, UnreadableMailError, read
from prunella.connectors.mail.safe_html import safe_html
from prunella.kit.actor import SYSTEM


def understood(raw: bytes | EmailMessage) -> Incoming:
    whole = raw if isinstance(raw, bytes) else raw.as_bytes()
    return read(whole, envelope_from=ADA, authserv_id=None)


async def test_files_come_in_with_the_mail_and_go_out_with_the_answer(post: Post) -> None:
    await post.ada()
    mail = a_mail()
    mail.add_attachment(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename="Bill März.pdf"
    )
    await post.came(mail)
    [case] = await post.cases()
    [message] = [one for one in await post.said(case) if one.direction == "in"]
    async with post.rooms.house.transaction(SYSTEM) as tx:
        kept = await cases.attachments_of(tx, [message.id])
    assert [(one.name, one.type) for one in kept[message.id]] == [
        ("Bill März.pdf", "application/pdf")
    ]
    file = cases.File("credit.txt", "text/plain", b"200.00")
    answer = await post.answer(case, "Here it is.", attachments=[file])
    [sent] = list(answer.iter_attachments())
    assert (sent.get_filename(), sent.get_payload(decode=True)) == ("credit.txt", b"200.00")


async def test_a_file_that_is_too_large_is_named_and_the_mail_comes_in(post: Post) -> None:
    await post.ada()
    mail = a_mail()
    large = bytes(cases.attachments.MAX_FILE_BYTES + 1)
    mail.add_attachment(large, maintype="application", subtype="zip", filename="all.zip")
    await post.came(mail)
    [case] = await post.cases()
    assert "all.zip" in case.text


async def test_endless_words_are_cut_and_the_original_is_kept(post: Post) -> None:
    await post.ada()
    await post.came(a_mail("A very long story. " * 5_000))
    [case] = await post.cases()
    assert len(case.text) <= 20_000
    [kept] = await post.letterbox()
    async with post.rooms.house.transaction(SYSTEM) as tx:
        raw = await cases.mail.raw_mail(tx, kept.id)
    assert raw
    assert raw.count(b"A very long story.") > 3_500


async def test_a_mail_without_a_word_or_subject_is_a_case_all_the_same(post: Post) -> None:
    await post.ada()
    await post.came(a_mail("", subject=""))
    [case] = await post.cases()
    assert (case.subject, case.text) == ("(no subject)", "(no text)")


async def test_plus_and_team_addresses_lead_to_their_team_which_signs(post: Post) -> None:
    await post.ada()
    await post.came(a_mail(to="Finance <finance+march@tai.example>"))
    [case] = await post.cases()
    assert case.team == "finance"
    answer = await post.answer(case, "You get it back today.")
    assert answer["From"] == "TAI finance <finance@tai.example>"
    body = answer.get_body(("plain",))
    assert body
    assert body.get_content().rstrip().endswith("-- \nTAI finance")


async def test_the_html_of_a_mail_is_kept_safe(post: Post) -> None:
    """Lesson: SVG and HTML in mail ran scripts in the desk."""
    await post.ada()
    mail = a_mail("See below")
    mail.add_alternative(
        "<p onclick=evil()>See <b>below</b><script>evil()</script>"
        '<img src="http://track.example/x.gif"><svg onload=evil()></svg>'
        '<a href="javascript:evil()">a</a><style>p{background:url(http://t.example)}</style></p>',
        subtype="html",
    )
    await post.came(mail)
    [case] = await post.cases()
    [facts] = await post.facts(case)
    async with post.rooms.house.transaction(SYSTEM) as tx:
        html = await cases.mail.html_of(tx, facts.message)
    assert "<b>below</b>" in html
    for bad in ("script", "onclick", "img", "svg", "javascript", "style", "track", "evil"):
        assert bad not in html


@pytest.mark.parametrize(
    "bad",
    [
        '<iframe src="https://x.example"></iframe>',
        '<form action="https://x.example"><input name=a></form>',
        '<a href="data:text/html,x">a</a>',
        '<math><mtext><img src=x onerror="evil()"></mtext></math>',
        '<base href="https://x.example"><meta http-equiv=refresh content="0;url=https://x.example">',
        '<link rel=stylesheet href="https://x.example/a.css">',
        '<p style="background:url(https://x.example)">',
    ],
)
def test_nothing_of_a_stranger_runs_or_loads(bad: str) -> None:
    shown = safe_html(f"<p>fine</p>{bad}")
    assert "fine" in shown
    assert "x.example" not in shown
    assert "evil" not in shown
    assert "data:" not in shown


def test_a_mail_of_html_alone_has_words() -> None:
    mail = EmailMessage()
    mail["From"] = ADA
    mail.set_content(
        "<style>x</style><p>Hello,</p><p>charged&nbsp;<b>twice</b></p>", subtype="html"
    )
    assert understood(mail).text == "Hello,\n\ncharged twice"


@pytest.mark.parametrize(
    ("text", "fresh", "quoted"),
    [
        ("Thanks!\n\nOn Tue, 3 Mar 2026, TAI wrote:\n> It is done.\n", "Thanks!", "On Tue"),
        (
            "Danke!\n\nAm 03.03.2026 um 12:40 schrieb TAI billing:\n> Erledigt.\n",
            "Danke!",
            "Am 03.03.2026",
        ),
        (
            "Thanks!\n\nOn Tue, 3 Mar 2026 at 12:40, TAI\n<b@t.example> wrote:\n\n> Done",
            "Thanks!",
            "On",
        ),
        ("Yes\n-----Original Message-----\nFrom: TAI\nDone", "Yes", "-----Original"),
        ("Yes\n\n> one\n> two\n", "Yes", "> one"),
        ("> When?\nOn Monday\n> Why?\nBecause", "> When?\nOn Monday\n> Why?\nBecause", ""),
        ("> only this", "> only this", ""),
        ("Nothing quoted", "Nothing quoted", ""),
    ],
)
def test_what_only_repeats_is_folded(text: str, fresh: str, quoted: str) -> None:
    found = fold(text)
    assert found.fresh == fresh
    assert found.quoted.startswith(quoted)
    assert bool(found.quoted) == bool(quoted)


def from_a(head: bytes, body: bytes) -> bytes:
    return b"From: a@b.example\n" + head + b"\n\n" + body


@pytest.mark.parametrize(
    ("raw", "subject", "text"),
    [
        (
            from_a(
                b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nContent-Type: text/plain; charset=latin-1",
                b"f\xfcr",
            ),
            "Grüße",
            "für",
        ),
        (
            from_a(
                b"Subject: =?no-such?q?abc?=\nContent-Type: text/plain; charset=no-such",
                b"\xff\xfe",
            ),
            "abc",
            "ÿþ",
        ),
        (from_a(b"Subject: \xc3\xa9t\xc3\xa9", b"\xc3\xa9"), "été", "é"),
        (from_a(b"Subject: =?utf-8?b?!!?=", b"x\0y"), "", "xy"),
        (from_a(b"Content-Type: multipart/mixed", b"no boundary"), "", ""),
    ],
)
def test_odd_mails_are_read_as_far_as_they_can_be(raw: bytes, subject: str, text: str) -> None:
    mail = understood(raw)
    assert (mail.subject, mail.text) == (subject, text)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: nobody wrote this\n\nHello",
        b"From: undisclosed-recipients:;\n\nHello",
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 500,
        b"From: a@b.example\n"
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2_000)
        ),
    ],
)
async def test_what_nobody_can_read_waits_in_sight_and_the_next_mail_comes_in(
    post: Post, raw: bytes
) -> None:
    """Lesson: one undecodable mail blocked the mailbox."""
    with pytest.raises(UnreadableMailError):
        understood(raw)
    await post.ada()
    await post.deliver(raw)
    await post.came(a_mail())
    assert len(await post.cases()) == 1
    [aside] = await post.letterbox("aside")
    assert aside.error
    async with post.rooms.house.transaction(AGENT) as tx:
        assert await cases.mail.try_again(tx, aside.id)
        assert not await cases.mail.try_again(tx, aside.id)
    await post.take()
    assert [one.id for one in await post.letterbox("aside")] == [aside.id]


async def test_another_mail_under_a_known_message_id_is_kept_and_makes_no_second_case(
    post: Post,
) -> None:
    """Lesson: the same Message-ID twice made two tickets."""
    await post.ada()
    mail = a_mail()
    other = a_mail("Something else")
    other.replace_header("Message-ID", mail["Message-ID"])
    for one in (mail, mail, other, other):
        await post.came(one)
    assert len(await post.cases()) == 1
    [aside] = await post.letterbox("aside")
    assert aside.copies == 2
    async with post.rooms.house.transaction(AGENT) as tx:
        assert await cases.mail.try_again(tx, aside.id)
    await post.take()
    assert [one.text for one in await post.cases()][1] == "Something else"


async def test_a_failed_mail_can_be_sent_again_under_its_own_id(post: Post) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    post.out.answers[ADA] = 550
    async with post.rooms.house.transaction(AGENT) as tx:
        message = await case.reply(tx, "You get it back today.")
    await post.listen()
    await post.send()
    [same] = await post.cases()
    assert same.status == "open"
    post.out.answers.clear()
    async with post.rooms.house.transaction(AGENT) as tx:
        await cases.send_again(tx, message.id)
        with pytest.raises(cases.NotFailedError):
            await cases.send_again(tx, message.id)
    await post.send()
    async with post.rooms.house.transaction(SYSTEM) as tx:
        assert (await cases.sendings_of(tx, [message.id]))[message.id].state == "sent"
        assert await cases.mail.genuine(tx, [post.out.taken[-1]["Message-ID"]]) == [message.id]


async def test_references_stay_whole_over_a_long_talk(post: Post) -> None:
    await post.ada()
    await post.came(a_mail())
    [case] = await post.cases()
    for n in range(4):
        answer = await post.answer(case, f"Answer {n}")
        await post.came(a_mail(f"Question {n}", answers=answer, to=US))
    assert len(await post.cases()) == 1
    assert len(str(answer["References"]).split()) >= 6
