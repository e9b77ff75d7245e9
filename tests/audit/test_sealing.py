"""What is sealed stays as it was, or `verify` names the first entry that does not."""

import asyncio
import random
from pathlib import Path

import psycopg
import pytest
from tests.audit.world import KEY, LEAD, THIEF, Intruder, check, intruder, seal, write
from tests.conftest import MakeHouse

from prunella import audit
from prunella.audit import Sealer
from prunella.audit.note import SigningKey
from prunella.audit.proof import NoSuchHeadError, NotSealedError, prove_entry, prove_growth
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House


def undo() -> None:
    raise psycopg.Rollback


async def sealed(house: House, *counts: int) -> list[int]:
    """Write and seal in several goes."""
    seqs: list[int] = []
    for count in counts:
        seqs += await write(house, count, first=len(seqs))
        await seal(house)
    return seqs


async def test_what_was_sealed_holds(house: House, database_url: str) -> None:
    await sealed(house, 5)
    await write(house, 3)
    report = check(database_url)
    assert report.holds
    assert (report.verdict.sealed, report.verdict.waiting) == (5, 3)
    await seal(house)
    report = check(database_url)
    assert report.holds
    assert (report.verdict.sealed, report.verdict.waiting, report.verdict.checkpoints) == (8, 0, 2)


async def test_a_log_of_several_tiles_holds(house: House, database_url: str) -> None:
    await sealed(house, 256, 1, 300, 200)
    report = check(database_url)
    assert report.holds
    assert report.verdict.sealed == 757


async def test_nothing_is_sealed_where_nothing_was_written(house: House, database_url: str) -> None:
    assert await Sealer(house, lambda: KEY).step() == 0
    assert check(database_url).holds


async def test_a_number_that_nobody_used_is_no_gap(house: House, database_url: str) -> None:
    for n in range(4):
        async with house.transaction(SYSTEM) as tx:
            await audit.record(tx, "case.opened", f"case_{n}")
            if n % 2:
                undo()
    await seal(house)
    report = check(database_url)
    assert report.holds
    assert report.verdict.sealed == 2


async def test_an_entry_that_is_still_being_written_is_waited_for(
    house: House, database_url: str
) -> None:
    sealer = Sealer(house, lambda: KEY)
    async with house.transaction(SYSTEM) as slow:
        await audit.record(slow, "case.opened", "case_slow")
        [early] = [one.seq for one in await audit.of_subject(slow, "case_slow")]
        [late] = await write(house, 1)
        assert early < late
        for _ in range(5):
            await sealer.step()
        assert check(database_url).verdict.sealed == 0
    await seal(house)
    report = check(database_url)
    assert report.holds
    assert report.verdict.sealed == 2


async def test_many_writers_and_several_sealers_skip_nothing_and_seal_nothing_twice(
    make_house: MakeHouse, database_url: str
) -> None:
    house, chance = await make_house(), random.Random(7)  # noqa: S311 pauses
    done = asyncio.Event()

    async def writer(lane: int) -> None:
        for n in range(25):
            async with house.transaction(SYSTEM) as tx:
                await audit.record(tx, "case.opened", f"case_{lane}x{n}")
                await asyncio.sleep(chance.random() * 0.02)
                await audit.record(tx, "case.changed", f"case_{lane}x{n}")
                if n % 7 == 3:
                    undo()

    async def keep_sealing() -> None:
        other = await make_house()
        sealer = Sealer(other, lambda: KEY)
        while not done.is_set():
            if not await sealer.step():
                await asyncio.sleep(0.002)

    sealing = [asyncio.create_task(keep_sealing()) for _ in range(3)]
    await asyncio.gather(*(writer(lane) for lane in range(16)))
    done.set()
    await asyncio.gather(*sealing)
    await seal(house)
    report = check(database_url)
    assert report.holds
    assert report.verdict.waiting == 0
    assert report.verdict.checkpoints > 3
    async with house.transaction(SYSTEM) as tx:
        row = await tx.one("select count(*) as count from audit_entries")
    assert row
    assert row["count"] == report.verdict.sealed


async def test_the_worker_signs_nothing_on_top_of_a_damaged_tree(
    house: House, database_url: str
) -> None:
    await sealed(house, 5)
    with psycopg.connect(database_url) as conn:
        conn.execute("update audit_tiles set hashes = sha256('x')::bytea || substr(hashes, 33)")
    await write(house, 1)
    await seal(house)
    report = check(database_url)
    assert (report.verdict.checkpoints, report.verdict.waiting) == (1, 1)
    assert report.verdict.wrong
    assert report.verdict.wrong.kind == "tree"


async def test_every_entry_and_every_growth_can_be_proven(house: House) -> None:
    seqs = await sealed(house, 3, 260, 40)
    await write(house, 1)
    async with house.transaction(SYSTEM) as tx:
        for seq in (*seqs[:5], seqs[255], seqs[256], seqs[-1]):
            proof = await prove_entry(tx, seq)
            assert proof
            assert proof.holds
            assert proof.line.startswith(b'{"seq":%d,' % seq)
        for old, new in ((3, 263), (263, 303), (3, 3), (3, 303)):
            assert (await prove_growth(tx, old_size=old, size=new)).holds
        with pytest.raises(NotSealedError):
            await prove_entry(tx, seqs[-1] + 1)
        assert await prove_entry(tx, seqs[-1] + 2) is None
        with pytest.raises(NoSuchHeadError):
            await prove_growth(tx, old_size=4, size=303)
        with pytest.raises(NoSuchHeadError):
            await prove_growth(tx, old_size=303, size=3)


async def test_an_edited_entry_can_no_longer_be_proven(house: House, database_url: str) -> None:
    seqs = await sealed(house, 9)
    with psycopg.connect(database_url) as conn:
        conn.execute("alter table audit_entries disable trigger user")
        conn.execute("update audit_entries set because = 'other' where seq = %s", (seqs[4],))
    async with house.transaction(SYSTEM) as tx:
        proof = await prove_entry(tx, seqs[4])
        assert proof
        assert not proof.holds
        untouched = await prove_entry(tx, seqs[5])
        assert untouched
        assert untouched.holds


def kept(folder: Path, url: str) -> Path:
    """A checkpoint that somebody keeps elsewhere."""
    path = folder / "kept.checkpoint"
    with path.open("a") as file:
        file.write(audit.newest_note(url))
    return path


async def test_tampering_is_named(house: House, database_url: str) -> None:
    seqs = await sealed(house, 20, 20)
    with intruder(database_url) as thief:
        for statement, said in (
            ("update audit_entries set actor_id = 'x' where seq = %s", "was changed"),
            ("delete from audit_entries where seq = %s", "is no longer there"),
        ):
            with thief.trying():
                thief.run(statement, seqs[7])
                assert said in str(wrong := thief.check().verdict.wrong)
                assert f"Entry {seqs[7]} " in str(wrong)
        with thief.trying():
            swap(thief, seqs[7], seqs[30])
            assert str(thief.check().verdict.wrong).startswith(f"Entry {seqs[7]} was changed")
        with thief.trying():
            thief.run("delete from audit_entries where seq > %s", seqs[30])
            assert str(thief.check().verdict.wrong).startswith(f"Entry {seqs[31]} was sealed")


def swap(thief: Intruder, one: int, other: int) -> None:
    thief.run("update audit_entries set seq = -1 where seq = %s", one)
    thief.run("update audit_entries set seq = %s where seq = %s", one, other)
    thief.run("update audit_entries set seq = %s where seq = -1", other)


async def test_a_slipped_in_entry_is_named(house: House, database_url: str) -> None:
    async with house.transaction(SYSTEM) as tx:
        await audit.record(tx, "case.opened", "case_before")
    async with house.transaction(SYSTEM) as tx:
        await audit.record(tx, "case.opened", "case_undone")
        [gap] = [one.seq for one in await audit.of_subject(tx, "case_undone")]
        undo()
    await sealed(house, 4)
    with intruder(database_url) as thief, thief.trying():
        thief.run(
            "insert into audit_entries overriding system value select %s, at, actor_kind, actor_id,"
            " actor_role, verb, subject, customer, because, before, after from audit_entries"
            " order by seq limit 1",
            gap,
        )
        assert str(thief.check().verdict.wrong).startswith(f"Entry {gap} was put in")


async def test_a_log_that_was_cut_and_signed_again_is_found_by_a_checkpoint_kept_elsewhere(
    house: House, database_url: str, tmp_path: Path
) -> None:
    seqs = await sealed(house, 20, 20)
    path = kept(tmp_path, database_url)
    with intruder(database_url) as thief, thief.trying():
        thief.run("delete from audit_entries where seq > %s", seqs[19])
        thief.run("delete from audit_checkpoints where size > 20")
        thief.run(
            "update audit_tiles set seqs = seqs[1:20], hashes = substr(hashes, 1, 640)"
            " where level = 0"
        )
        assert thief.check().holds
        assert str(thief.check(path).verdict.wrong) == (
            f"The end was cut off: 40 entries were signed for, and the last here is {seqs[19]}."
        )


async def test_after_the_key_was_changed_both_public_keys_vouch_for_the_log(
    house: House, database_url: str
) -> None:
    newer = SigningKey.of_seed(b"n" * 32)
    await write(house, 5)
    await seal(house)
    await write(house, 5, first=5)
    await seal(house, newer)
    both = [newer.verifying, KEY.verifying]
    assert audit.check_database(database_url, trusted=both).holds
    forgotten = audit.check_database(database_url, trusted=[newer.verifying])
    assert not forgotten.holds
    assert "An unknown key signed the checkpoint of 5 entries" in " ".join(forgotten.problems)


async def forge(house: House, database_url: str) -> None:
    """Rewrite entry 11 and everything that vouches for it, with a key of one's own."""
    with psycopg.connect(database_url) as conn:
        for table in ("audit_entries", "audit_checkpoints", "audit_keys"):
            conn.execute(f"alter table {table} disable trigger user".encode())
        conn.execute(
            "update audit_entries set after = '{}' where seq ="
            " (select seq from audit_entries order by seq offset 10 limit 1)"
        )
        conn.execute("truncate audit_tiles, audit_checkpoints, audit_keys")
    await seal(house, THIEF)


async def test_a_whole_log_that_was_rewritten_is_found(
    house: House, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "kept.checkpoint"
    seqs: list[int] = []
    for count in (5, 10, 15):
        seqs += await write(house, count, first=len(seqs))
        await seal(house)
        path = kept(tmp_path, database_url)
    exported = tmp_path / "kept.jsonl"
    assert audit.export(database_url, exported) == 30
    await forge(house, database_url)

    report = check(database_url)
    assert not report.holds
    assert "unknown key signed" in report.problems[0]
    by_their_key = audit.check_database(database_url, trusted=[])
    assert by_their_key.holds
    assert not by_their_key.proven
    report = check(database_url, path)
    assert str(report.verdict.wrong) == (
        f"The log was rewritten: the first wrong entry is one from {seqs[5]} to {seqs[14]}."
    )
    exact = check(database_url, exported)
    assert str(exact.verdict.wrong) == f"Entry {seqs[10]} was changed after it was sealed."


async def test_an_export_proves_itself(house: House, database_url: str, tmp_path: Path) -> None:
    await sealed(house, 12)
    path = kept(tmp_path, database_url)
    await sealed(house, 290)
    exported = tmp_path / "log.jsonl"
    audit.export(database_url, exported)
    report = audit.check_export(exported, trusted=[KEY.verifying], elsewhere=path)
    assert report.holds
    assert (report.verdict.sealed, report.verdict.checkpoints) == (302, 2)
    text = exported.read_text().replace("limit_lifted", "limit_liftet", 1)
    (tmp_path / "edited.jsonl").write_text(text)
    edited = audit.check_export(tmp_path / "edited.jsonl", trusted=[KEY.verifying], elsewhere=path)
    assert edited.verdict.wrong
    assert edited.verdict.wrong.kind == "rewritten"
    with pytest.raises(FileExistsError):
        audit.export(database_url, exported)


async def test_an_entry_of_staff_is_sealed_like_any_other(house: House, database_url: str) -> None:
    async with house.transaction(LEAD) as tx:
        await audit.record(tx, "customer.viewed", "cust_1", customer="cust_1")
    await seal(house)
    assert check(database_url).verdict.sealed == 1


async def test_a_worker_without_a_key_goes_on_and_seals_nothing(
    house: House, database_url: str
) -> None:
    await write(house, 2)

    def read_key() -> SigningKey:
        raise PermissionError

    sealer = Sealer(house, read_key)
    assert [await sealer.step() for _ in range(3)] == [1, 0, 0]
    assert check(database_url).verdict.waiting == 2
    await seal(house)
    assert check(database_url).holds
