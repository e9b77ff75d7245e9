"""What is said on a case, to whom it goes, and what a word brings about."""

from datetime import timedelta

import pytest
from tests.cases.scene import a_colleague, a_scene, acting, events_of, themselves

from prunella import cases
from prunella.cases import CLOSE, File
from prunella.kit.house import Tx
from prunella.kit.timers import Timer


async def test_a_reply_says_what_becomes_of_the_case(tx: Tx) -> None:
    scene = await a_scene(tx)
    await scene.case.reply(scene.ours, "We look into it.", status="on_hold")
    assert (await scene.now()).status == "on_hold"
    said = await scene.case.reply(
        scene.ours,
        "Done.",
        status="solved",
        cc=["books@northbeck.example", "books@northbeck.example"],
        attachments=[File("vat.txt", "text/plain", b"DE 1")],
    )
    solved = await scene.now()
    assert (solved.status, solved.answered_at) == ("solved", tx.now)
    assert said.cc == ("books@northbeck.example",)
    [file] = (await cases.attachments_of(tx, [said.id]))[said.id]
    assert file.name == "vat.txt"
    assert (await events_of(tx, scene.case)).count("case.answered") == 2


async def test_a_copy_goes_to_addresses_alone(tx: Tx) -> None:
    scene = await a_scene(tx)
    for cc in (["nobody"], ["a@b.example\r\nBcc: c@d.example"], ["a@b.example"] * 21):
        with pytest.raises(cases.BadCopyError):
            await scene.case.reply(scene.ours, "Hello.", cc=cc)
    assert await scene.texts() == ["Why did it fail?"]


async def test_a_note_calls_the_colleagues_it_names(tx: Tx) -> None:
    scene = await a_scene(tx)
    ana, ben = await a_colleague(tx, "Ana"), await a_colleague(tx, "Ben")
    note = await scene.case.note(
        scene.ours, "@ana, @BEN: see a@ana.example and https://x.example/@ana; @nobody, @ana."
    )
    assert note.mentions == tuple(sorted([ana, ben]))
    kept = await cases.get_message(tx, note.id)
    assert kept == note
    row = await tx.one(
        "select data from events where name = 'case.mentioned' and subject = %s", (scene.case.id,)
    )
    assert row is not None
    called = {"message": note.id, "colleagues": sorted([ana, ben])}
    assert row["data"] == called | {"by": scene.ours.actor.id}
    quiet = await scene.case.note(scene.ours, "Write to billing@ana.example.")
    assert quiet.mentions == ()


async def test_what_a_colleague_passes_on_counts_as_the_customers_word(tx: Tx) -> None:
    scene = await a_scene(tx)
    await scene.case.reply(scene.ours, "Try again.")
    await scene.case.add_message(scene.ours, "They called: it failed.", on_behalf=True)
    heard = await scene.now()
    assert heard.status == "open"
    case = await cases.open_case(
        scene.ours,
        scene.customer,
        subject="A call",
        text="They ask for VAT.",
        because="asked",
        channel="phone",
        on_behalf=True,
    )
    [said] = await cases.messages_of(tx, case)
    assert (said.direction, said.author_kind, said.channel) == ("in", "staff", "phone")
    contact = await cases.get_contact(tx, case.contact)
    assert contact is not None
    assert (contact.channel, contact.heard_at) == ("phone", tx.now)


async def test_two_questions_of_one_customer_are_two_talks(tx: Tx) -> None:
    scene = await a_scene(tx)
    other = await scene.another("VAT", "Where is it?")
    assert other.contact != scene.case.contact
    assert await scene.texts() == ["Why did it fail?"]
    assert await scene.texts(other) == ["Where is it?"]


async def test_a_word_on_a_closed_case_opens_one_that_follows_it(tx: Tx) -> None:
    scene = await a_scene(tx)
    await scene.case.solve(scene.ours)
    week = acting(tx, scene.ours.actor, later=timedelta(days=7))
    await cases.close_solved(week, Timer(CLOSE, scene.case.id, week.now))
    late = acting(tx, themselves(scene.customer), later=timedelta(days=8))
    said = await scene.case.add_message(
        late, "It is back.", channel="mail", attachments=[File("a.txt", "text/plain", b"a")]
    )
    after = await cases.get_case(tx, said.case_id or "")
    assert after is not None
    assert (after.status, after.channel, after.opened_at) == ("new", "mail", late.now)
    assert after.promised_at > late.now
    [link] = await after.links(tx)
    assert (link.id, link.kind) == (scene.case.id, "follows")
    assert "case.opened" in await events_of(tx, after)
    assert (await scene.now()).status == "closed"
    note = await scene.case.note(scene.ours, "For the record.")
    assert note.case_id == scene.case.id


async def test_a_late_word_joins_what_is_open_about_the_same_by_then(tx: Tx) -> None:
    scene = await a_scene(tx, about="in_1")
    await scene.case.set(scene.ours, status="closed")
    again = await scene.another("My payment", about="in_1")
    said = await scene.case.add_message(scene.theirs, "And this.")
    assert said.case_id == again.id
    assert [link.id for link in await again.links(tx)] == [scene.case.id]


async def test_what_was_solved_opens_again_beside_another_of_the_same_matter(tx: Tx) -> None:
    scene = await a_scene(tx, about="in_1")
    await scene.case.solve(scene.ours)
    again = await scene.another("My payment", about="in_1")
    assert again.id != scene.case.id
    await scene.case.add_message(scene.theirs, "No, this one.")
    assert (await scene.now()).status == "open"
    assert (await scene.now(again)).status == "new"


async def test_words_that_are_none_open_nothing(tx: Tx) -> None:
    scene = await a_scene(tx)
    await scene.case.set(scene.ours, status="closed")
    with pytest.raises(cases.EmptyTextError):
        await scene.case.add_message(scene.theirs, " \0 ")
    row = await tx.one("select count(*) as n from cases")
    assert row == {"n": 1}
