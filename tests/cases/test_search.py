"""Full-text search finds a case by everything that anybody remembers of it."""

import random
from datetime import timedelta

import pytest
from tests.cases.asking import found, has
from tests.diagnostics import stripe_json

from prunella import cases, people
from prunella.cases import Case, File, Filter, Message
from prunella.cases.asked import Asked
from prunella.cases.indexing import know_customer, know_said, on_customer_changed
from prunella.cases.store_words import MAX_PART
from prunella.cases.words import words_of
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.mirror.objects.seen import unfold
from prunella.mirror.objects.store import put_newer

AGENT = Actor(kind="staff", id="stf_me", role="agent", verified=True)


@pytest.fixture
async def case(tx: Tx) -> Case:
    customer = await people.add_customer(tx, name="Müller & Söhne", email="anna@mueller.example")
    opened = await cases.open_case(
        tx,
        customer,
        subject="Charged twice",
        text="The invoice NB-0042 is on my card two times.",
        about="in_1QxAbC",
        because="asked",
        tags=["vip"],
    )
    await cases.open_case(tx, customer, subject="Something else", because="asked", apart=True)
    return opened


@pytest.mark.parametrize(
    "query",
    [
        "charged twice",
        "TWICE",
        "two times",
        "nb-0042",
        "in_1qxabc",
        "in_1QxA",
        "vip",
        "muller charged",
        "mueller charged",
        "mueller twi",
        "Soehne twice",
        "nb0042",
        "müller twice",
        "anna@mueller.example invoice",
        "charg",
        "card twice mue",
    ],
)
async def test_a_case_is_found_by_what_one_remembers(tx: Tx, case: Case, query: str) -> None:
    assert await found(tx, query) == [case.subject]


@pytest.mark.parametrize(
    "query", ["", "  ", "?!", "charged never", "charged x", "invoi ", "'", "b & | !c"]
)
async def test_what_nobody_said_finds_nothing(tx: Tx, case: Case, query: str) -> None:
    assert case.subject
    assert await found(tx, query) == []


async def test_words_meet_whoever_said_them_and_in_whichever_message(tx: Tx, case: Case) -> None:
    await case.reply(tx, "We asked the acquirer.")
    await case.note(tx, "Probably a duplicate capture.")
    for query in ("acquirer capture", "times acquirer", "vip capture s\u00f6hne acq"):
        assert await found(tx, query) == [case.subject]
    assert await found(tx, "acquirer refused") == []


async def test_a_case_is_found_by_its_customer_s_ids(tx: Tx) -> None:
    known = stripe_json.customer()
    await put_newer(tx, unfold(known, since=tx.now, until=tx.now))
    customer = await people.of_stripe(tx, known["id"])
    assert customer
    await cases.open_case(tx, customer, subject="Bill", text="49.00 EUR?", because="asked")
    for query in (known["id"], customer.id, f"{known['id']} 49,00"):
        assert await found(tx, query) == ["Bill"]


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("\u6771\u4eac\u90fd\u306e\u8acb\u6c42\u66f8", "\u8acb\u6c42\u66f8"),
        ("\u6771\u4eac\u90fd\u306e\u8acb\u6c42\u66f8", "\u66f8 \u6771\u4eac "),
        ("\uccad\uad6c\uc11c\ub97c \ubc1b\uc558\uc2b5\ub2c8\ub2e4", "\uccad\uad6c\uc11c"),
        (
            "\u0e01\u0e32\u0e23\u0e0a\u0e33\u0e23\u0e30\u0e40\u0e07\u0e34\u0e19",
            "\u0e0a\u0e33\u0e23\u0e30",
        ),
    ],
)
async def test_a_language_without_spaces_is_found_by_its_words(
    tx: Tx, case: Case, said: str, query: str
) -> None:
    await case.note(tx, said)
    assert await found(tx, query) == [case.subject]
    assert await found(tx, query[::-1]) == []


async def test_a_case_on_which_very_much_was_said_is_found_once_by_all_of_it(tx: Tx) -> None:
    customer = await people.add_customer(tx, name="Northbeck")
    long = await cases.open_case(tx, customer, subject="Long", text="first", because="asked")
    for start in range(0, 4 * MAX_PART, MAX_PART // 2):
        await long.note(tx, " ".join(f"w{n}" for n in range(start, start + MAX_PART // 2)))
    await long.tag(tx, add=["vip"])
    await cases.open_case(tx, customer, subject="Short", text="first word", because="asked")
    for query in ("w1 ", f"w{4 * MAX_PART - 1} northbeck", "first w7", "vip w7"):
        assert await found(tx, query) == ["Long"]
    for filters in (cases.ANYWHERE, Filter(tag="vip")):
        assert (await found(tx, "w", filters)).count("Long") == 1
    pages = [await cases.search(tx, "w", limit=1)]
    while pages[-1].next_cursor:
        pages.append(await cases.search(tx, "w", limit=1, after=pages[-1].next_cursor))
    assert [case.subject for page in pages for case in page.data] == ["Short", "Long"]


async def test_a_merged_case_is_found_where_it_went(tx: Tx, case: Case) -> None:
    customer = await people.find_customer(tx, case.customer)
    assert customer
    other = await cases.open_case(
        tx, customer, subject="Again", text="Pangolin", because="asked", apart=True
    )
    await other.merge_into(tx, case)
    assert await found(tx, "pangolin") == ["Again", case.subject]
    assert await found(tx, "pangolin times") == [case.subject]


async def test_its_number_or_id_finds_a_case_before_all_others(tx: Tx, case: Case) -> None:
    customer = await people.add_customer(tx, name="Other")
    await cases.open_case(tx, customer, subject=f"About {case.number}", because="asked")
    for query in (str(case.number), f"#{case.number}", f" {case.number} "):
        assert await found(tx, query) == [case.subject, f"About {case.number}"]
    assert await found(tx, case.id) == [case.subject]


async def test_what_a_case_is_called_stands_before_what_was_said(tx: Tx, case: Case) -> None:
    customer = await people.add_customer(tx, name="Other")
    await cases.open_case(tx, customer, subject="Late", text="charged late", because="asked")
    assert await found(tx, "charged") == [case.subject, "Late"]


async def test_a_case_follows_its_tags_its_customer_and_its_messages(tx: Tx, case: Case) -> None:
    await case.tag(tx, add=["churn"], remove=["vip"])
    assert (await found(tx, "churn times"), await found(tx, "vip")) == ([case.subject], [])
    note = await case.note(tx, "Ask the bank about a chargeback.")
    assert await found(tx, "chargeback muller") == [case.subject]
    part = await case.split(tx, [note.id], subject="Bank")
    assert await found(tx, "chargeback") == [part.subject]
    await tx.execute("update customers set name = 'Renamed' where id = %s", (case.customer,))
    await know_customer(tx, case.customer)
    assert await found(tx, "renamed times") == [case.subject]
    assert await found(tx, "söhne") == []


async def test_a_name_changed_at_stripe_is_found(tx: Tx) -> None:
    known = stripe_json.customer()
    await put_newer(tx, unfold(known, since=tx.now, until=tx.now))
    customer = await people.of_stripe(tx, known["id"])
    assert customer
    await cases.open_case(tx, customer, subject="Bill", because="asked")
    later = tx.now + timedelta(hours=1)
    await put_newer(tx, unfold(known | {"name": "Southbeck"}, since=later, until=later))
    event = Event("stripe.customer.updated", known["id"], None, {"customer": known["id"]})
    await on_customer_changed(tx, event)
    assert await found(tx, "southbeck") == ["Bill"]


async def test_a_search_keeps_to_its_filter_and_leaves_spam_out(house: House) -> None:
    async with house.transaction(AGENT) as tx:
        customer = await people.add_customer(tx, name="Northbeck")
        mine = await cases.open_case(tx, customer, subject="Bill one", because="asked")
        spam = await cases.open_case(tx, customer, subject="Bill two", because="asked")
        await cases.open_case(tx, customer, subject="Bill three", because="asked")
        await spam.mark_spam(tx)
        await tx.execute("update cases set assignee = 'stf_me' where id = %s", (mine.id,))
        assert await found(tx, "bill") == ["Bill three", "Bill one"]
        assert await found(tx, "bill", Filter(assignee="me")) == ["Bill one"]
        assert await found(tx, "bill", Filter(spam=True)) == ["Bill two"]
        assert await found(tx, str(spam.number)) == []


VOCABULARY = ["refund", "refunds", "card", "caf\u00e9", "in_1abc", "late", "twice", "ref", "bill"]


class Memory:
    """What a brute-force search would look through."""

    def __init__(self) -> None:
        self.heads: dict[str, set[str]] = {}
        self.said: dict[str, set[str]] = {}
        self.newest_first: list[str] = []

    async def add(self, tx: Tx, chance: random.Random, customer: people.Customer) -> None:
        subject = " ".join(chance.sample(VOCABULARY, 2))
        case = await cases.open_case(tx, customer, subject=subject, because="asked", apart=True)
        self.newest_first.insert(0, case.id)
        head = f"{case.number} {subject} {customer.name} {customer.email} {customer.id}"
        self.heads[case.id], self.said[case.id] = set(words_of(head)), set()
        for _ in range(chance.randrange(3)):
            message: Message = await case.note(tx, " ".join(chance.sample(VOCABULARY, 3)))
            self.said[case.id] |= set(words_of(message.text))

    def search(self, asked: Asked) -> list[str]:
        by_head = [one for one in self.newest_first if has(self.heads[one], asked)]
        by_word = [
            one
            for one in self.newest_first
            if one not in by_head and has(self.heads[one] | self.said[one], asked)
        ]
        return by_head + by_word


async def test_a_search_agrees_with_reading_everything(house: House) -> None:
    chance = random.Random(20261121)  # noqa: S311 a seeded example
    memory = Memory()
    async with house.transaction(SYSTEM) as tx:
        for name in ("Late Shop", "Café Bill"):
            customer = await people.add_customer(tx, name=name, email="post@shop.example")
            for _ in range(20):
                await memory.add(tx, chance, customer)
        for _ in range(60):
            query = " ".join(chance.sample([*VOCABULARY, "shop", "rEF"], chance.randrange(1, 4)))
            query += chance.choice(["", " "])
            seen: list[str] = []
            after: str | None = None
            while after is not None or not seen:
                page = await cases.search(tx, query, after=after, limit=chance.randrange(1, 9))
                seen += [case.id for case in page.data]
                after = page.next_cursor
                if after is None:
                    break
            assert seen == memory.search(Asked.of(query)), query


@pytest.mark.parametrize("cursor", ["x", "h1; drop", "n1", "m-1"])
async def test_a_cursor_that_is_none_finds_nothing(tx: Tx, case: Case, cursor: str) -> None:
    assert (await cases.search(tx, case.subject, after=cursor)).data == []


async def test_a_cursor_far_beyond_the_newest_is_as_none(tx: Tx, case: Case) -> None:
    found = await cases.search(tx, case.subject, after=f"h{'9' * 18}")
    assert [one.id for one in found.data] == [case.id]


async def test_a_case_is_found_by_what_its_files_are_called(tx: Tx, case: Case) -> None:
    """Also by those of a case that was merged into it, and after all was read anew."""
    [first] = await cases.messages_of(tx, case)
    await cases.attach(tx, first.id, [File("Rechnung-März.pdf", "application/pdf", b"%PDF")])
    assert await found(tx, "rechnung märz") == [case.subject]
    customer = await people.find_customer(tx, case.customer)
    assert customer
    shot = File("screenshot-0815.png", "image/png", b"PNG")
    other = await cases.open_case(
        tx,
        customer,
        subject="Look",
        text="See it.",
        because="asked",
        attachments=[shot],
        apart=True,
    )
    assert await found(tx, "screenshot") == ["Look"]
    await other.merge_into(tx, case)
    assert case.subject in await found(tx, "screenshot-0815")
    await know_said(tx, case.id)
    assert case.subject in await found(tx, "screenshot-0815")
    assert await found(tx, "rechnung märz") == [case.subject]
