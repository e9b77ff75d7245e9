"""The log keeps what was done, and nothing that could be read about a person."""

import psycopg
import pytest

from prunella import audit
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House


def undo() -> None:
    raise psycopg.Rollback


async def test_an_entry_says_who_did_what_to_which_object(house: House) -> None:
    lead = Actor(kind="staff", id="tok_1", role="lead", verified=True)
    async with house.transaction(lead) as tx:
        await audit.record(
            tx,
            "action.approved",
            "act_said",
            because="limit_lifted",
            before={"state": "awaiting_approval"},
            after={"state": "approved", "amount": 40000, "rules": ["refund.cap", "refund.age"]},
        )
        [newest] = await audit.newest(tx, limit=1)
        [entry] = await audit.of_subject(tx, "act_said")
        assert (entry.seq, entry.at) == (newest.seq, tx.now)
    assert (entry.actor_kind, entry.actor_id, entry.actor_role) == ("staff", "tok_1", "lead")
    assert entry.before == {"state": "awaiting_approval"}
    assert entry.after == {
        "state": "approved",
        "amount": 40000,
        "rules": ["refund.cap", "refund.age"],
    }


async def test_an_undone_change_leaves_no_entry(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await audit.record(tx, "case.opened", "case_undone")
        undo()
    async with house.transaction(SYSTEM) as tx:
        assert await audit.of_subject(tx, "case_undone") == []


async def test_entries_are_read_in_order_and_by_the_page(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        for n in range(5):
            await audit.record(tx, "case.opened", f"case_page{n}")
        seqs = [one.seq for one in reversed(await audit.newest(tx, limit=5))]
        page = await audit.entries(tx, after=seqs[0], limit=3)
    assert [entry.seq for entry in page] == seqs[1:4]


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entries set because = 'other'",
        "delete from audit_entries",
        "truncate audit_entries",
    ],
)
async def test_the_log_refuses_to_be_changed(house: House, statement: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        await audit.record(tx, "case.opened", "case_kept")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        async with house.transaction(SYSTEM) as tx:
            await tx.conn.execute(statement.encode())


@pytest.mark.parametrize(
    "value",
    [
        "please send my money back",
        "https://checkout.example/c/pay/cs_1",
        "line\nbreak",
        "x" * 121,
        float("nan"),
        {"nested": 1},
        ["two words"],
        b"bytes",
    ],
)
async def test_free_text_and_addresses_never_enter_the_log(house: House, value: object) -> None:
    async with house.transaction(SYSTEM) as tx:
        with pytest.raises(audit.UnfitForAuditError):
            await audit.record(tx, "case.opened", "case_text", after={"value": value})  # type: ignore[dict-item]


@pytest.mark.parametrize("verb", ["", "Case opened", "case.", "opened!"])
async def test_a_verb_is_a_name(house: House, verb: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        with pytest.raises(audit.UnfitForAuditError):
            await audit.record(tx, verb, "case_verb")
