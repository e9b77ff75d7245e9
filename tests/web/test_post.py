"""Files and mail on the web: a file only for whom it belongs to, a mail's way for the staff."""

import re

import pytest
from tests.people.team import joined
from tests.web.browsing import Form, at_the_desk, form_of, forms_of, send, signed_in, text_of
from tests.web.company import Company, company

from prunella import audit, cases, people
from prunella.cases import Case, File
from prunella.kit.actor import SYSTEM, Actor
from prunella.people import Customer

SVG = File("a.svg", "image/svg+xml", b"<svg onload='alert(1)'/>")
PDF = File("März.pdf", "application/pdf", b"%PDF-1.7")
VIEWED = "customer.viewed"


async def asked(web: Company, customer: Customer) -> Case:
    actor = Actor(kind="customer", id=customer.id, role="owner", verified=True)
    async with web.rooms.house.transaction(actor) as tx:
        return await cases.open_case(
            tx, customer, subject="A bill", text="See it.", because="asked", attachments=[SVG, PDF]
        )


async def files_of(web: Company, case: Case) -> list[str]:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        said = await cases.messages_of(tx, case)
        found = await cases.attachments_of(tx, [one.id for one in said])
        return [file.id for files in found.values() for file in files]


async def test_a_file_is_a_download_that_runs_nothing(web: Company) -> None:
    """Lesson: SVG and HTML in mail ran scripts in the desk."""
    svg, pdf = await files_of(web, await asked(web, await web.free_customer()))
    desk = await at_the_desk(web, await web.staff_token("agent"))
    shown = await desk.get(f"/attachments/{svg}")
    assert shown.content == SVG.data
    assert shown.headers["content-type"] == "application/octet-stream"
    assert shown.headers["content-disposition"].startswith('attachment; filename="a.svg"')
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "script-src" not in shown.headers["content-security-policy"]
    assert (
        (await desk.get(f"/attachments/{pdf}"))
        .headers["content-disposition"]
        .endswith("filename*=UTF-8''M%C3%A4rz.pdf")
    )


async def test_a_file_is_for_the_staff_and_for_whom_it_belongs_to(web: Company) -> None:
    owner = await web.free_customer()
    other = await web.free_customer("Beck")
    case = await asked(web, owner)
    [file, _] = await files_of(web, case)
    address, theirs = f"/attachments/{file}", f"/billing/attachments/{file}"
    shown = await (await signed_in(web, owner.id)).get(theirs)
    assert (shown.status_code, shown.content) == (200, SVG.data)
    assert "sandbox" in shown.headers["content-security-policy"]
    assert (await (await signed_in(web, other.id)).get(theirs)).status_code == 404
    assert (await (await signed_in(web, owner.id)).get(address)).status_code == 401
    assert (await web.client().get(theirs)).status_code == 401
    assert (await web.client().get(address)).status_code == 401
    desk = await at_the_desk(web, await web.staff_token("viewer"))
    assert (await desk.get(address)).status_code == 200
    assert (await desk.get("/attachments/att_none")).status_code == 404


async def test_what_hangs_on_a_note_is_only_for_the_staff(web: Company) -> None:
    owner = await web.free_customer()
    case = await asked(web, owner)
    async with web.rooms.house.transaction(people.tokens.ADMIN) as tx:
        await case.note(tx, "For us", attachments=[PDF])
    hidden = (await files_of(web, case))[-1]
    theirs = f"/billing/attachments/{hidden}"
    assert (await (await signed_in(web, owner.id)).get(theirs)).status_code == 404
    desk = await at_the_desk(web, await web.staff_token("agent"))
    assert (await desk.get(f"/attachments/{hidden}")).status_code == 200


async def test_a_guest_gets_the_files_of_their_own_case_alone(web: Company) -> None:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        guest = await people.guest(tx, email="eve@elsewhere.example")
    first, second = await asked(web, guest), await _other_case(web, guest)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        link = await people.links.make(tx, customer=guest.id, subject=first.id)
    client = web.client()
    client.follow_redirects = True
    await client.get(f"/l/{link}")
    [own, _] = await files_of(web, first)
    [foreign] = await files_of(web, second)
    assert (await client.get(f"/billing/attachments/{own}")).status_code == 200
    assert (await client.get(f"/billing/attachments/{foreign}")).status_code in {401, 404}


async def _other_case(web: Company, guest: Customer) -> Case:
    actor = Actor(kind="customer", id=guest.id, role="member", verified=False)
    async with web.rooms.house.transaction(actor) as tx:
        return await cases.open_case(
            tx, guest, subject="Another", text="And this.", because="asked", attachments=[PDF]
        )


async def came(web: Company, raw: bytes) -> str:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        mail = await cases.mail.keep(tx, raw, source="lmtp", envelope_from="a@b.example")
    while await web.rooms.take_mail():
        pass
    return mail


async def test_what_nobody_could_read_waits_for_a_person(web: Company) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    assert "Nothing here" in text_of(await desk.get("/desk/mail"))
    mail = await came(web, b"Subject: nobody wrote this\r\n\r\nHello")
    page = await desk.get("/desk/mail")
    assert "no usable From" in text_of(page)
    raw = await desk.get(f"/desk/mail/{mail}/raw")
    assert raw.content.endswith(b"Hello")
    assert raw.headers["content-disposition"].startswith("attachment")
    again = await send(desk, form_of(page, f"/desk/mail/{mail}/again"))
    assert again.status_code == 200
    assert "Nothing here" in text_of(again)
    assert f"/desk/mail/{mail}/raw" in (await desk.get("/desk/mail?state=waiting")).text


async def test_a_machines_mail_becomes_a_case_by_hand(web: Company) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    head = b"From: bot@b.example\r\nSubject: Disk full\r\nAuto-Submitted: auto-generated\r\n"
    mail = await came(web, head + b"\r\nNinety percent")
    page = await desk.get("/desk/mail?state=done")
    assert "Written by a machine" in text_of(page)
    [form] = [one for one in forms_of(page) if one.action == f"/desk/mail/{mail}/again"]
    assert (await send(desk, form)).status_code == 200
    while await web.rooms.take_mail():
        pass
    async with web.rooms.house.transaction(SYSTEM) as tx:
        [case] = (await cases.list_cases(tx)).data
    assert case.subject == "Disk full"


async def test_a_mail_as_it_was_formatted_is_shown_where_nothing_runs(web: Company) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    head = b"From: ada@b.example\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"
    await came(web, head + b"<b>Bold</b><script>evil()</script>")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        [case] = (await cases.list_cases(tx)).data
        [message] = [one for one in await cases.messages_of(tx, case) if one.direction == "in"]
    shown = await desk.get(f"/desk/mail/messages/{message.id}/formatted")
    assert shown.text == "<b>Bold</b>"
    assert "sandbox" in shown.headers["content-security-policy"]
    async with web.rooms.house.transaction(SYSTEM) as tx:
        [look] = await audit.entries(tx, which=audit.Filter(customer=case.customer, verb=VIEWED))
    assert (look.because, look.after) == ("mail", {"seen": message.id})
    assert (await desk.get("/desk/mail/messages/msg_none/formatted")).status_code == 404


@pytest.fixture
async def failed(web: Company) -> str:
    customer = await web.free_customer()
    async with web.rooms.house.transaction(SYSTEM) as tx:
        contact = await cases.open_contact(
            tx, customer.id, channel="mail", direction="outbound", tier="prevent"
        )
        letter = cases.Letter("Your bank said no", "Pay.", "<p>Pay.</p>")
        message = await cases.write_mail(tx, contact, to="a@b.example", letter=letter)
        await cases.bounced(tx, message.id, "no such user")
    return message.id


async def test_a_mail_that_did_not_arrive_can_be_sent_again(web: Company, failed: str) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    page = await desk.get("/desk/outbox")
    assert "no such user" in text_of(page)
    form = form_of(page, f"/desk/outbox/{failed}/again")
    assert "Nothing here" in text_of(await send(desk, form))
    assert "Your bank said no" in text_of(await desk.get("/desk/outbox?state=waiting"))
    assert (await send(desk, form)).status_code == 409


async def test_who_may_only_look_sends_nothing_again(web: Company, failed: str) -> None:
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    page = await viewer.get("/desk/outbox")
    assert "no such user" in text_of(page)
    offered = [one for one in forms_of(page) if failed in one.action]
    assert offered == []
    form = Form(f"/desk/outbox/{failed}/again", {"csrf": forms_of(page)[0].fields["csrf"]}, [])
    assert (await send(viewer, form)).status_code == 403
    assert (await web.client().get("/desk/outbox")).status_code in {303, 401}
    assert (await web.client().get("/desk/mail")).status_code in {303, 401}


async def test_the_desk_says_who_wrote_a_mail_and_whether_that_is_sure(web: Company) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    await web.free_customer()
    head = b"From: Hollis <hello@hollowoak.example>\r\nSubject: x\r\n"
    body = b"\r\nPlease look.\r\n\r\nOn Tuesday TAI wrote:\r\n> Done.\r\n"
    await came(web, head + body)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        [case] = (await cases.list_cases(tx)).data
    page = text_of(await desk.get(f"/desk/cases/{case.id}"))
    assert "by mail from hello@hollowoak.example, which nobody has verified" in page
    assert "Hollis" in page


async def test_mail_can_be_seen_and_tried_again_over_the_api(web: Company, failed: str) -> None:
    api = web.api()
    [out] = (await api.get("/v1/outbox", params={"state": "failed"})).json()["data"]
    assert (out["message"], out["error"]) == (failed, "no such user")
    assert (await api.post(f"/v1/outbox/{failed}/retries")).json()["state"] == "waiting"
    assert (await api.post(f"/v1/outbox/{failed}/retries")).status_code == 409
    assert (await api.post("/v1/outbox/msg_none/retries")).status_code == 404
    mail = await came(web, b"Subject: nobody wrote this\r\n\r\nHello")
    [aside] = (await api.get("/v1/mail", params={"state": "aside"})).json()["data"]
    assert (aside["id"], aside["case"]) == (mail, None)
    assert (await api.post(f"/v1/mail/{mail}/retries", json={})).json()["state"] == "waiting"
    assert (await api.post(f"/v1/mail/{mail}/retries", json={})).status_code == 404
    customer = web.api(web.token((await web.free_customer()).id))
    assert (await customer.get("/v1/mail")).status_code == 404
    assert (await customer.get("/v1/outbox")).status_code == 404


BROKEN = (
    b"Subject: Our =?utf-8?q?invoice_of?= March\r\n\r\nIt is <b>too high</b>.\x00 See the file."
)


async def test_a_mail_that_no_program_could_read_is_opened_as_text(web: Company) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    mail = await came(web, BROKEN)
    page = await desk.get(f"/desk/mail/{mail}")
    assert f'href="/desk/mail/{mail}"' in (await desk.get("/desk/mail")).text
    assert "Our invoice of March" in text_of(page)
    assert "a@b.example" in text_of(page)
    assert "It is &lt;b&gt;too high&lt;/b&gt;. See the file." in page.text
    assert (await desk.get("/desk/mail/mail_none")).status_code == 404
    async with web.api() as api:
        looks = await api.get("/v1/audit/entries", params={"verb": "mail.looked_into"})
    assert [one["subject"] for one in looks.json()["data"]] == [mail]


async def test_a_person_makes_a_case_of_what_no_program_could_read(web: Company) -> None:
    """Of somebody whom nobody knows; the mail as it came hangs on it."""
    desk = await at_the_desk(web, await web.staff_token("agent"))
    mail = await came(web, BROKEN)
    form = form_of(await desk.get(f"/desk/new?mail={mail}"), "/desk/new")
    assert (form.fields["customer"], form.fields["subject"]) == (
        "a@b.example",
        "Our invoice of March",
    )
    said = {"said": "It is too high.", "channel": "mail", "severity": "medium"}
    page = await send(desk, form, **said)
    assert "Our invoice of March" in text_of(page)
    assert f"{mail}.eml" in page.text
    async with web.rooms.house.transaction(SYSTEM) as tx:
        [case] = (await cases.list_cases(tx)).data
        [file] = (await cases.attachments_of(tx, [(await cases.messages_of(tx, case))[0].id]))[
            (await cases.messages_of(tx, case))[0].id
        ]
    assert (await desk.get(f"/attachments/{file.id}")).content == BROKEN
    assert "Nothing here" in text_of(await desk.get("/desk/mail"))
    settled = await desk.get(f"/desk/mail/{mail}")
    assert "Opened a case, by hand" in text_of(settled)
    assert f"/desk/cases/{case.id}" in settled.text
    async with web.api() as api:
        looks = await api.get("/v1/audit/entries", params={"verb": "customer.viewed"})
    seen = [one["after"]["seen"] for one in looks.json()["data"] if one["because"] == "mail"]
    assert seen == [mail], "whose mail it is by now is told"


async def test_a_mail_that_is_nobodys_is_let_be_and_can_be_taken_up_again(web: Company) -> None:
    desk = await at_the_desk(web, await web.staff_token("agent"))
    mail = await came(web, BROKEN)
    page = await desk.get(f"/desk/mail/{mail}")
    form = form_of(page, f"/desk/mail/{mail}/settlement")
    assert "Nothing here" in text_of(await send(desk, form))
    assert "Nothing here" in text_of(await send(desk, form)), "pressed twice"
    done = await desk.get("/desk/mail?state=done")
    assert "Nothing to do" in text_of(done)
    await send(desk, form_of(done, f"/desk/mail/{mail}/again"))
    while await web.rooms.take_mail():
        pass
    assert "no usable From" in text_of(await desk.get("/desk/mail"))


async def test_who_may_only_look_settles_no_mail(web: Company) -> None:
    mail = await came(web, BROKEN)
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    page = await viewer.get(f"/desk/mail/{mail}")
    assert [one.action for one in forms_of(page) if mail in one.action] == []


async def test_what_is_aside_is_settled_over_the_api(web: Company) -> None:
    first, second = await came(web, BROKEN), await came(web, b"Subject: another\r\n\r\nOne")
    customer = await web.free_customer()
    async with web.api() as api:
        body = {"customer": customer.id, "subject": "A bill", "text": "Too high."}
        case = (await api.post("/v1/cases", json=body)).json()["id"]
        done = await api.post(f"/v1/mail/{first}/settlement", json={"case": case})
        assert done.json()["state"] == "done"
        assert (await api.post(f"/v1/mail/{first}/settlement", json={})).status_code == 404
        gone = {"case": "case_none"}
        assert (await api.post(f"/v1/mail/{second}/settlement", json=gone)).status_code == 404
        assert (await api.post(f"/v1/mail/{second}/settlement", json={})).is_success
        found = (await api.get("/v1/mail")).json()["data"]
    told = {one["id"]: (one["outcome"], one["case"]) for one in found}
    assert told == {first: ("by_hand", case), second: ("nothing", None)}


async def test_what_a_colleague_forwards_stands_under_the_customers_name(database_url: str) -> None:
    server = "mx.tai.example"
    async with company(database_url, mail_authserv_id=server) as web:
        lin = (await joined(web.rooms.house, "Lin Moreau")).member
        await web.free_customer()
        head = f"Authentication-Results: {server}; dmarc=pass header.from=tai.example\r\n"
        head += f"From: {lin.name} <{lin.email}>\r\nSubject: Fwd: A bill\r\n\r\nSee this.\r\n\r\n"
        sent_on = (
            "---------- Forwarded message ---------\r\nFrom: Hollis <hello@hollowoak.example>\r\n"
        )
        sent_on += "Date: Tue, 3 Mar 2026\r\nSubject: A bill\r\n\r\nIt is too high.\r\n"
        await came(web, (head + sent_on).encode())
        async with web.rooms.house.transaction(SYSTEM) as tx:
            [case] = (await cases.list_cases(tx)).data
        desk = await at_the_desk(web, await web.staff_token("agent"))
        page = text_of(await desk.get(f"/desk/cases/{case.id}"))
    assert re.search(r"Hollow Oak Toys by mail, forwarded by Lin Moreau [\d:]+ today", page)
    assert "nobody has verified" not in page
