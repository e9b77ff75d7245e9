"""Cases that belong together, or to somebody else; nothing that was said is lost or shown twice."""

import pytest
from tests.cases.scene import Scene, a_scene, acting, due, events_of, themselves

from prunella import audit, cases, people
from prunella.cases import ASSUME, File
from prunella.kit.house import Tx


async def test_two_cases_become_one_and_everything_said_stands_in_it(tx: Tx) -> None:
    scene = await a_scene(tx)
    other = await scene.another("VAT", "Where is it?", severity="high", tags=["vat"])
    await other.note(scene.ours, "On page two.")
    goes_on = await other.merge_into(scene.ours, scene.case)
    assert goes_on.id == scene.case.id
    assert (goes_on.severity, goes_on.tags) == ("high", ("vat",))
    gone = await scene.now(other)
    assert (gone.status, gone.merged_into, gone.closings) == ("closed", scene.case.id, 0)
    assert await scene.texts() == ["Why did it fail?", "Where is it?", "On page two."]
    assert "case.merged" in await events_of(tx, other)
    taken = (await audit.of_subject(tx, scene.case.id))[-1]
    assert (taken.verb, taken.after) == ("case.took_in", {"taken": other.id})


async def test_who_writes_on_a_merged_case_is_heard_in_the_one_that_goes_on(tx: Tx) -> None:
    scene = await a_scene(tx)
    other = await scene.another("VAT")
    await other.merge_into(scene.ours, scene.case)
    await scene.case.reply(scene.ours, "Better?")
    said = await other.add_message(scene.theirs, "No.")
    assert said.case_id == scene.case.id
    assert (await scene.now()).status == "open"
    answer = await other.reply(scene.ours, "Now?")
    assert answer.case_id == scene.case.id


async def test_a_chain_of_merges_leads_to_its_end_in_one_step(tx: Tx) -> None:
    scene = await a_scene(tx)
    second, third = await scene.another("Two", "2"), await scene.another("Three", "3")
    await third.merge_into(scene.ours, second)
    await second.merge_into(scene.ours, scene.case)
    assert (await scene.now(third)).merged_into == scene.case.id
    assert await scene.texts() == ["Why did it fail?", "2", "3"]
    said = await third.add_message(scene.theirs, "4")
    assert said.case_id == scene.case.id


async def test_what_was_waiting_is_owed_again_when_an_open_question_joins_it(tx: Tx) -> None:
    scene = await a_scene(tx)
    await scene.case.solve(scene.ours)
    other = await scene.another("VAT")
    assert (await other.merge_into(scene.ours, scene.case)).status == "open"


async def test_an_answer_settles_the_contacts_of_everything_merged(tx: Tx) -> None:
    scene = await a_scene(tx)
    other = await scene.another("VAT")
    await other.merge_into(scene.ours, scene.case)
    contact = await cases.get_contact(tx, other.contact)
    assert contact is not None
    assert await due(tx, ASSUME, contact.id) is None
    await scene.case.reply(scene.ours, "Both done.")
    assert await due(tx, ASSUME, contact.id)
    await scene.case.confirm(scene.theirs)
    ended = await cases.get_contact(tx, other.contact)
    assert ended is not None
    assert ended.ended_at == tx.now


async def test_cases_of_two_customers_are_never_merged(tx: Tx) -> None:
    one, two = await a_scene(tx), await a_scene(tx)
    with pytest.raises(cases.OtherCustomerError):
        await one.case.merge_into(one.ours, two.case)
    with pytest.raises(cases.SameCaseError):
        await one.case.merge_into(one.ours, one.case)
    other = await one.another("VAT")
    await other.set(one.ours, status="closed")
    with pytest.raises(cases.CaseClosedError):
        await one.case.merge_into(one.ours, other)
    assert (await one.now()).status == (await two.now()).status == "new"


async def test_what_is_another_matter_gets_a_case_of_its_own(tx: Tx) -> None:
    scene = await a_scene(tx)
    said = await scene.case.add_message(
        scene.theirs, "Cancel my plan.", attachments=[File("a.txt", "text/plain", b"a")]
    )
    part = await scene.case.split(scene.ours, [said.id], subject="My payment")
    assert part.id != scene.case.id
    assert (part.text, part.subject, part.status) == ("Cancel my plan.", "My payment", "new")
    assert await scene.texts() == ["Why did it fail?"]
    assert await scene.texts(part) == ["Cancel my plan."]
    file = await cases.attachment(tx, (await cases.attachments_of(tx, [said.id]))[said.id][0].id)
    assert file is not None
    assert file.case == part.id
    [link] = await scene.case.links(tx)
    assert (link.id, link.kind, link.outward) == (part.id, "split_from", False)
    reply = await part.reply(scene.ours, "Cancelled.")
    assert await scene.texts(part) == ["Cancel my plan.", "Cancelled."]
    assert reply.contact == part.contact != scene.case.contact


async def test_only_what_stands_in_the_case_is_split_off_and_never_all_of_it(tx: Tx) -> None:
    scene = await a_scene(tx)
    other = await scene.another("VAT")
    [mine], [foreign] = await cases.messages_of(tx, scene.case), await cases.messages_of(tx, other)
    for chosen in ([], [mine.id], [foreign.id], [mine.id, foreign.id], ["msg_nowhere"]):
        with pytest.raises(cases.NothingToSplitError):
            await scene.case.split(scene.ours, chosen, subject="x")


async def test_links_are_read_from_both_ends(tx: Tx) -> None:
    scene = await a_scene(tx)
    outage = await scene.another("Outage")
    await scene.case.link(scene.ours, outage, kind="caused_by")
    await scene.case.link(scene.ours, outage, kind="caused_by")
    [there] = await scene.case.links(tx)
    [back] = await outage.links(tx)
    assert (there.id, there.outward) == (outage.id, True)
    assert (back.id, back.outward, back.kind) == (scene.case.id, False, "caused_by")
    await outage.unlink(scene.ours, scene.case, kind="caused_by")
    assert await scene.case.links(tx) == []
    with pytest.raises(cases.SameCaseError):
        await scene.case.link(scene.ours, scene.case)


async def a_guests(tx: Tx) -> Scene:
    guest = await people.guest(tx, email="ana@northbeck.example", name="Ana")
    case = await cases.open_case(
        acting(tx, themselves(guest)), guest, subject="VAT", text="Where?", because="asked"
    )
    return Scene(tx, guest, case)


async def test_a_guests_case_goes_to_the_customer_who_it_was(tx: Tx) -> None:
    scene, guest = await a_scene(tx), await a_guests(tx)
    taken_in = await guest.another("Also this", "And?")
    await taken_in.merge_into(guest.ours, guest.case)
    moved = await guest.case.move_to(guest.ours, scene.customer)
    assert moved.customer == scene.customer.id
    said = await cases.messages_of(tx, moved)
    assert [one.text for one in said] == ["Where?", "And?"]
    assert {one.customer for one in said} == {scene.customer.id}
    contact = await cases.get_contact(tx, moved.contact)
    assert contact is not None
    assert contact.customer == scene.customer.id
    assert await cases.cases_of(tx, guest.customer.id) == []
    more = await guest.another("Next", "Nothing of theirs?")
    assert await guest.texts(more) == ["Nothing of theirs?"]
    again = await moved.move_to(guest.ours, scene.customer)
    assert again.customer == scene.customer.id


async def test_a_customers_case_stays_theirs(tx: Tx) -> None:
    one, two = await a_scene(tx), await a_scene(tx)
    with pytest.raises(cases.NotAGuestError):
        await one.case.move_to(one.ours, two.customer)
