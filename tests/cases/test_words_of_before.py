"""What a search knew before an upgrade it knows after it, and soon as well as what is new."""

from tests.cases.asking import found
from tests.conftest import SCHEMA

from prunella import cases, people
from prunella.cases import Case, indexing
from prunella.cases.store_words import MAX_PART
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx

BEFORE = ("20261121125001_words.sql", "20261121125003_words_so_far.sql")
UPGRADE = "20261121130000_words_of_a_case.sql"
_WITHOUT = "drop table case_heads, case_words, cases_to_read; drop function fits"


async def go_back(tx: Tx) -> None:
    """Leave the words as the version before one row a case had them: a row for each message."""
    await tx.conn.execute(_WITHOUT)
    for name in BEFORE:
        await tx.conn.execute((SCHEMA / name).read_bytes())


async def upgrade(tx: Tx) -> None:
    await tx.conn.execute((SCHEMA / UPGRADE).read_bytes())


async def opened(tx: Tx, subject: str, *said: str) -> Case:
    customer = await people.add_customer(tx, name=f"Of {subject}", email="post@shop.example")
    case = await cases.open_case(tx, customer, subject=subject, because="asked")
    for text in said:
        await case.note(tx, text)
    return case


async def test_words_of_two_messages_meet_after_an_upgrade(tx: Tx) -> None:
    await opened(tx, "Bill", "The acquirer said no.", "Captured twice.")
    await opened(tx, "Silent")
    await go_back(tx)
    await upgrade(tx)
    for query in ("acquirer captured", "bill twice said", "shop acquirer"):
        assert await found(tx, query) == ["Bill"]
    assert await found(tx, "silent") == ["Silent"]


async def test_a_very_long_case_survives_the_upgrade(tx: Tx) -> None:
    half = MAX_PART // 2 + 10
    texts = (" ".join(f"w{n}" for n in range(at, at + half)) for at in (0, half, 2 * half))
    await opened(tx, "Long", *texts)
    await go_back(tx)
    await upgrade(tx)
    for query in ("w1 ", f"w{2 * half} ", "long w7 "):
        assert await found(tx, query) == ["Long"]


async def test_what_is_split_anew_is_found_once_the_worker_has_read_it(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        for number in range(3):
            await opened(tx, f"Bill {number}", "e-mail about 1,249.00 EUR", "\u8acb\u6c42\u66f8")
        await go_back(tx)
        await upgrade(tx)
        assert await found(tx, "email 1249.00") == []
    assert await indexing.read_anew(house, most=2) == len(range(3))
    assert await indexing.read_anew(house, most=2) == 0
    async with house.transaction(SYSTEM) as tx:
        assert await found(tx, "email 1249.00 \u6c42\u66f8") == ["Bill 2", "Bill 1", "Bill 0"]
