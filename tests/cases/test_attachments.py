"""Files hang on messages, whole and bounded; whoever asks gets them as they were."""

import pytest

from prunella import cases, people
from prunella.cases import Case, File, FileTooLargeError, Message, TooMuchAttachedError
from prunella.cases.attachments import MAX_FILE_BYTES, safe_name
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx

PDF = File("invoice.pdf", "application/pdf", b"%PDF-1.7 \0 bytes")


async def a_message(tx: Tx) -> tuple[Case, Message]:
    customer = await people.add_customer(tx, name="Northbeck", email="ada@northbeck.example")
    case = await cases.open_case(tx, customer, subject="A bill", because="asked", text="See file.")
    [message] = await cases.messages_of(tx, case)
    return case, message


async def test_a_file_comes_back_byte_for_byte_with_whose_it_is(tx: Tx) -> None:
    case, message = await a_message(tx)
    [kept] = await cases.attach(tx, message.id, [PDF])
    assert (kept.name, kept.type, kept.size) == ("invoice.pdf", "application/pdf", len(PDF.data))
    stored = await cases.attachment(tx, kept.id)
    assert stored is not None
    assert stored.data == PDF.data
    assert (stored.customer, stored.case) == (case.customer, case.id)
    assert await cases.attachments_of(tx, [message.id, "msg_other"]) == {message.id: [kept]}
    assert await cases.files_of(tx, message.id) == [PDF]


async def test_what_hangs_on_a_note_is_hidden_from_the_customer(tx: Tx) -> None:
    case, _ = await a_message(tx)
    note = await case.add_message(tx, "For us alone")
    [kept] = await cases.attach(tx, note.id, [PDF])
    stored = await cases.attachment(tx, kept.id)
    assert stored is not None
    assert stored.hidden


async def test_a_file_too_large_or_too_many_are_refused(tx: Tx) -> None:
    _, message = await a_message(tx)
    with pytest.raises(FileTooLargeError):
        await cases.attach(tx, message.id, [File("a", "", bytes(MAX_FILE_BYTES + 1))])
    large = File("a", "", bytes(MAX_FILE_BYTES))
    await cases.attach(tx, message.id, [large, large])
    with pytest.raises(TooMuchAttachedError):
        await cases.attach(tx, message.id, [large])
    assert len((await cases.attachments_of(tx, [message.id]))[message.id]) == 2


async def test_no_message_no_file(tx: Tx) -> None:
    with pytest.raises(LookupError):
        await cases.attach(tx, "msg_none", [PDF])
    assert await cases.attachment(tx, "att_none") is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("C:\\bills\\march.pdf", "C bills march.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("", "file"),
        ("..", "file"),
        ("é" * 200 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
def test_a_name_cannot_lead_anywhere(given: str, kept: str) -> None:
    assert safe_name(given) == kept


async def test_a_made_up_type_is_only_bytes(tx: Tx) -> None:
    _, message = await a_message(tx)
    kept = await cases.attach(
        tx, message.id, [File("a", "text/html\r\nx: y", b""), File("b", "Text/HTML; a=b", b"")]
    )
    assert [one.type for one in kept] == ["application/octet-stream", "text/html"]


async def test_a_guest_is_one_person_however_their_address_is_written(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        first = await people.guest(tx, email="New.Person@else.example", name="New Person")
        again = await people.guest(tx, email="new.person@ELSE.example", name="Somebody")
        assert (again.id, again.name, again.guest) == (first.id, "New Person", True)
        assert await people.of_email(tx, "new.person@else.example") == []
        assert await people.find_customer(tx, first.id) == first
        known = await people.add_customer(tx, name="Beck", email="Ada@beck.example")
        assert await people.of_email(tx, "ada@BECK.example") == [known]
