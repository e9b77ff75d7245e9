"""The audit log over the API and at the desk: for staff alone, and with proofs that hold."""

import base64
import re

import pytest
from tests.audit.world import KEY, seal, write
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.company import Company

from prunella import audit, cases
from prunella.audit.checkpoint import parse
from prunella.audit.merkle import included_root, is_consistent, leaf_hash
from prunella.kit.actor import SYSTEM


@pytest.fixture(autouse=True)
async def _known(web: Company) -> None:
    await web.knows(customer(), card(), *failed(decline_code="insufficient_funds"))


async def test_entries_come_by_the_page_and_by_what_they_are_about(web: Company) -> None:
    seqs = await write(web.rooms.house, 6)
    async with web.api() as client:
        first = (await client.get(f"/v1/audit/entries?limit=4&cursor={seqs[0] - 1}")).json()
        rest = (await client.get(f"/v1/audit/entries?cursor={first['next_cursor']}")).json()
        approved = (await client.get("/v1/audit/entries?verb=action.approved")).json()
        about = (await client.get("/v1/audit/entries?subject=act_3&actor=worker")).json()
        wrong = await client.get("/v1/audit/entries?limit=0")
    assert [one["seq"] for one in first["data"]] == seqs[:4]
    assert [one["seq"] for one in rest["data"]] == seqs[4:]
    assert rest["next_cursor"] is None
    assert [one["subject"] for one in approved["data"]] == ["act_1", "act_3", "act_5"]
    [entry] = about["data"]
    assert entry["actor"] == {"kind": "system", "id": "worker", "role": ""}
    assert entry["before"] == {"state": "awaiting_approval", "amount": 300}
    assert wrong.status_code == 422


async def test_a_proof_convinces_somebody_who_has_only_the_checkpoint(web: Company) -> None:
    seqs = await write(web.rooms.house, 6)
    await seal(web.rooms.house)
    async with web.api() as client:
        head = (await client.get("/v1/audit/checkpoint")).json()
        await write(web.rooms.house, 3, first=6)
        await seal(web.rooms.house)
        newer = (await client.get("/v1/audit/checkpoint")).json()
        proof = (await client.get(f"/v1/audit/entries/{seqs[2]}/proof")).json()
        growth = await client.get(f"/v1/audit/consistency?from={head['size']}&to={newer['size']}")
        unknown = await client.get("/v1/audit/consistency?from=4&to=5")
    old, new = (parse(one["note"], [KEY.verifying]) for one in (head, newer))
    path = [base64.b64decode(one) for one in proof["path"]]
    leaf = leaf_hash(proof["line"].encode())
    assert proof["holds"] is True
    assert included_root(leaf, index=proof["index"], size=new.size, path=path) == new.root
    assert '"subject":"act_2"' in proof["line"]
    assert newer["keys"] == [str(KEY.verifying)]
    steps = [base64.b64decode(one) for one in growth.json()["path"]]
    assert is_consistent(
        old_size=old.size, old_root=old.root, size=new.size, root=new.root, path=steps
    )
    assert unknown.status_code == 404


async def test_what_is_not_sealed_or_not_there_says_so(web: Company) -> None:
    async with web.api() as client:
        assert (await client.get("/v1/audit/checkpoint")).status_code == 404
        [seq] = await write(web.rooms.house, 1)
        early = await client.get(f"/v1/audit/entries/{seq}/proof")
        nothing = await client.get(f"/v1/audit/entries/{seq + 1000}/proof")
    assert early.status_code == 409
    assert "not sealed yet" in early.json()["detail"]
    assert nothing.status_code == 404


async def test_the_log_is_not_for_customers(web: Company) -> None:
    [seq] = await write(web.rooms.house, 1)
    await seal(web.rooms.house)
    async with web.api(web.token("cus_northbeck")) as own:
        for path in ("entries", "checkpoint", f"entries/{seq}/proof", "consistency?from=1&to=1"):
            assert (await own.get(f"/v1/audit/{path}")).status_code == 404


async def test_each_look_of_staff_is_written_down_once(web: Company) -> None:
    token = await web.staff_token("agent")
    known = await web.customer("cus_northbeck")
    async with web.api(token) as client:
        for _ in range(3):
            await client.get("/v1/customers/cus_northbeck/diagnosis")
    async with web.api(web.token("cus_northbeck")) as own:
        await own.get("/v1/customers/cus_northbeck/diagnosis")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        [look] = await audit.entries(tx, which=audit.Filter(verb="customer.viewed"))
    assert (look.actor_kind, look.actor_role, look.customer) == ("staff", "agent", known.id)
    assert look.because == "account"


async def test_what_staff_opened_of_a_customer_and_why_stands_in_the_look(web: Company) -> None:
    known = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        opened = [
            await cases.open_case(tx, known, subject=subject, because="asked", apart=True)
            for subject in ("Charged twice", "A new card")
        ]
    async with web.api(await web.staff_token("agent")) as client:
        for case in (*opened, *opened):
            await client.get(f"/v1/cases/{case.id}")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        looks = await audit.entries(tx, which=audit.Filter(verb="customer.viewed"))
    assert [(one.because, one.after) for one in looks] == [
        ("case", {"seen": case.id}) for case in opened
    ]
    assert {one.customer for one in looks} == {known.id}


async def test_sign_ins_are_written_down_under_who_came(web: Company) -> None:
    known = await web.customer("cus_northbeck")
    token = await web.staff_token("lead")
    link = await web.mail_link(known)
    async with web.client() as browser:
        await browser.get(f"/billing?token={web.token('cus_northbeck')}")
        await browser.get(f"/l/{link}")
        await browser.post("/sign-in", data={"token": token})
        await browser.post("/sign-in", data={"token": "wrong"})
    async with web.rooms.house.transaction(SYSTEM) as tx:
        came = await audit.entries(tx, which=audit.Filter(verb="session.opened"))
    assert [(one.actor_kind, one.because, one.customer) for one in came] == [
        ("customer", "sign_in", known.id),
        ("customer", "mail", known.id),
        ("staff", "sign_in", None),
    ]
    assert came[2].actor_role == "lead"


async def test_the_desk_shows_the_log_and_an_entry_with_its_proof(web: Company) -> None:
    token = await web.staff_token("viewer")
    seqs = await write(web.rooms.house, 60)
    await seal(web.rooms.house)
    [fresh] = await write(web.rooms.house, 1, first=60)
    async with web.client() as browser:
        await browser.post("/sign-in", data={"token": token})
        page = (await browser.get("/desk/audit")).text
        older = (await browser.get(f"/desk/audit?before={seqs[3]}")).text
        about = (
            await browser.get("/desk/audit?verb=action.approved&actor=worker&subject=act_3")
        ).text
        shown = (await browser.get(f"/desk/audit/{seqs[1]}")).text
        waiting = (await browser.get(f"/desk/audit/{fresh}")).text
        nothing = await browser.get(f"/desk/audit/{fresh + 1000}")
    assert f'href="/desk/audit/{fresh}"' in page
    assert "Older entries" in page
    assert f'href="/desk/audit/{seqs[2]}"' in older
    assert f'href="/desk/audit/{seqs[3]}"' in about
    assert "case.opened" not in about.partition("<tbody")[2]
    assert re.search(r'href="/desk/audit\?actor=tok_\w+">viewer</a>', page)
    assert "The entry is as it was sealed" in shown
    assert "awaiting_approval" in shown
    assert "Not sealed yet" in waiting
    assert nothing.status_code == 404


async def test_the_log_at_the_desk_is_not_for_customers(web: Company) -> None:
    async with web.client() as browser:
        await browser.get(f"/billing?token={web.token('cus_northbeck')}")
        assert (await browser.get("/desk/audit")).status_code == 401
        assert (await browser.get("/desk/audit/1")).status_code == 401
