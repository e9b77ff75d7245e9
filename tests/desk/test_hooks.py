"""Other programs are told what happens, at least once, under one id, signed."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook
from tests.conftest import MakeHouse

from prunella.bootstrap.table import HOOKS, SOMETIMES
from prunella.connectors.hooks import MemoryPost
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import Event, deliver
from prunella.kit.house import House
from prunella.tiers.desk import hooks
from prunella.tiers.desk.hooks import Endpoint, Hooks, telling

ADMIN = Actor(kind="staff", id="stf_admin", role="admin", verified=True)
URL = "https://tools.example/prunella"


@pytest.fixture
async def our_house(make_house: MakeHouse) -> House:
    heard = {name: [(HOOKS, hooks.on_event)] for name in hooks.EVENTS}
    house = await make_house(listeners=heard)
    house.sometimes = SOMETIMES
    return house


@pytest.fixture
def post() -> MemoryPost:
    return MemoryPost()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between the tries."""
    monkeypatch.setattr(telling, "WAITS", (timedelta(0),) * len(telling.WAITS))


async def someone(house: House, *events: str) -> tuple[Endpoint, str]:
    async with house.transaction(ADMIN) as tx:
        return await hooks.add(tx, url=URL, events=events or hooks.EVENTS, private=False)


async def happens(house: House, name: str = "case.opened", subject: str = "case_1") -> None:
    async with house.transaction(SYSTEM) as tx:
        await tx.emit(Event(name, subject, "cst_1", {"number": 1001}))
    while await deliver(house):
        pass


async def send_all(house: House, post: MemoryPost) -> None:
    while await Hooks(house, post).step():
        pass


async def log_of(house: House, endpoint: Endpoint) -> list[dict[str, Any]]:
    async with house.transaction(SYSTEM) as tx:
        told = await hooks.deliveries(tx, endpoint.id, after=None, limit=50)
    return [asdict(one) for one in told]


async def now(house: House, endpoint: Endpoint) -> Endpoint:
    async with house.transaction(SYSTEM) as tx:
        found = await hooks.find(tx, endpoint.id)
    assert found
    return found


async def deliveries_after(house: House, name: str) -> int:
    async with house.transaction(SYSTEM) as tx:
        await tx.emit(Event(name, "case_1", "cst_1"))
        return len(await tx.all("select 1 from deliveries"))


async def test_what_nobody_wants_to_hear_is_kept_for_nobody(our_house: House) -> None:
    assert await deliveries_after(our_house, "case.opened") == 0
    endpoint, _ = await someone(our_house, "case.opened")
    assert await deliveries_after(our_house, "case.set") == 0
    assert await deliveries_after(our_house, "case.opened") == 1
    async with our_house.transaction(ADMIN) as tx:
        await hooks.change(tx, endpoint, on=False, private=False)
    assert await deliveries_after(our_house, "case.opened") == 1


async def test_what_is_told_is_signed_as_the_scheme_says(
    our_house: House, post: MemoryPost
) -> None:
    """The scheme's own library takes it."""
    _, secret = await someone(our_house)
    await happens(our_house)
    await send_all(our_house, post)
    ((url, body, headers),) = post.taken
    assert url == URL
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == "case.opened"
    assert told["data"] == {"id": "case_1", "customer": "cst_1", "number": 1001}


async def test_only_what_they_want_to_hear(our_house: House, post: MemoryPost) -> None:
    await someone(our_house, "case.answered")
    await happens(our_house, "case.opened")
    await happens(our_house, "case.answered")
    await send_all(our_house, post)
    assert [json.loads(body)["type"] for _, body, _ in post.taken] == ["case.answered"]


@pytest.mark.usefixtures("at_once")
async def test_it_is_tried_again_under_the_same_id(our_house: House, post: MemoryPost) -> None:
    endpoint, _ = await someone(our_house)
    post.answers[URL] = 503
    await happens(our_house)
    for _ in range(3):
        await Hooks(our_house, post).step()
    post.answers[URL] = 200
    await send_all(our_house, post)
    assert len({headers["webhook-id"] for _, _, headers in post.taken}) == 1
    (told,) = await log_of(our_house, endpoint)
    assert told["state"] == "sent"
    assert [one["status"] for one in told["tries"]] == [503, 503, 503, 200]


@pytest.mark.usefixtures("at_once")
async def test_after_the_last_try_it_waits_for_a_person(our_house: House, post: MemoryPost) -> None:
    endpoint, _ = await someone(our_house)
    post.answers[URL] = None
    await happens(our_house)
    await send_all(our_house, post)
    (told,) = await log_of(our_house, endpoint)
    assert told["state"] == "failed"
    assert len(told["tries"]) == 1 + len(telling.WAITS)
    post.answers[URL] = 200
    async with our_house.transaction(ADMIN) as tx:
        assert await hooks.send_again(tx, endpoint.id, told["id"])
    await send_all(our_house, post)
    assert [headers["webhook-id"] for _, _, headers in post.taken] == [told["id"]]


async def test_a_worker_that_died_meanwhile_costs_no_telling(
    our_house: House, post: MemoryPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had taken the delivery, and never came back."""
    await someone(our_house)
    await happens(our_house)
    monkeypatch.setattr(telling, "LEASE", timedelta(0))

    class Dies(MemoryPost):
        async def send(self, *_: Any) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await Hooks(our_house, Dies()).step()
    await send_all(our_house, post)
    assert len(post.taken) == 1


async def test_who_is_gone_is_not_told_again(our_house: House, post: MemoryPost) -> None:
    endpoint, _ = await someone(our_house)
    post.answers[URL] = 410
    await happens(our_house)
    await send_all(our_house, post)
    assert (await now(our_house, endpoint)).state == "gone"
    await happens(our_house, subject="case_2")
    assert len(await log_of(our_house, endpoint)) == 1


@pytest.mark.usefixtures("at_once")
async def test_days_without_a_yes_stop_the_telling(
    our_house: House, post: MemoryPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "GIVES_UP", timedelta(0))
    endpoint, _ = await someone(our_house)
    post.answers[URL] = 500
    await happens(our_house)
    await send_all(our_house, post)
    assert (await now(our_house, endpoint)).state == "failing"
    async with our_house.transaction(ADMIN) as tx:
        again = await hooks.change(tx, await now(our_house, endpoint), on=True, private=False)
    assert (again.state, again.failing_since) == ("on", None)


async def test_while_the_secret_changes_both_are_good(our_house: House, post: MemoryPost) -> None:
    endpoint, before = await someone(our_house)
    async with our_house.transaction(ADMIN) as tx:
        after = await hooks.change_secret(tx, endpoint)
    await happens(our_house)
    await send_all(our_house, post)
    ((_, body, headers),) = post.taken
    assert Webhook(before).verify(body, headers) == Webhook(after).verify(body, headers)


async def test_switched_off_nothing_is_told_and_nothing_kept_waiting(
    our_house: House, post: MemoryPost
) -> None:
    endpoint, _ = await someone(our_house)
    await happens(our_house)
    async with our_house.transaction(ADMIN) as tx:
        await hooks.change(tx, endpoint, on=False, private=False)
    await send_all(our_house, post)
    assert post.taken == []
    assert [one["state"] for one in await log_of(our_house, endpoint)] == ["failed"]


async def test_a_test_goes_the_way_that_everything_goes(our_house: House, post: MemoryPost) -> None:
    """Also to a program that asked for something else."""
    endpoint, secret = await someone(our_house, "case.answered")
    async with our_house.transaction(ADMIN) as tx:
        sent = await hooks.send_test(tx, endpoint)
    await send_all(our_house, post)
    ((_, body, headers),) = post.taken
    told = Webhook(secret).verify(body, headers)
    assert (told["type"], told["data"]) == ("hook.test", {"id": endpoint.id})
    (kept,) = await log_of(our_house, endpoint)
    assert (kept["id"], kept["state"]) == (sent.id, "sent")


async def test_what_is_switched_off_is_sent_no_test(our_house: House) -> None:
    endpoint, _ = await someone(our_house)
    async with our_house.transaction(ADMIN) as tx:
        off = await hooks.change(tx, endpoint, on=False, private=False)
        with pytest.raises(hooks.NotToldError):
            await hooks.send_test(tx, off)


async def test_a_removed_program_is_told_nothing_and_found_no_more(
    our_house: House, post: MemoryPost
) -> None:
    endpoint, _ = await someone(our_house)
    await happens(our_house)
    async with our_house.transaction(ADMIN) as tx:
        await hooks.remove(tx, endpoint)
        assert await hooks.listed(tx) == []
        assert await hooks.find(tx, endpoint.id) is None
    await happens(our_house, subject="case_2")
    await send_all(our_house, post)
    assert post.taken == []


async def test_an_answer_that_comes_late_brings_no_removed_program_back(
    our_house: House, post: MemoryPost
) -> None:
    """It was being told when a person removed it, and says that it is gone."""
    endpoint, _ = await someone(our_house)
    await happens(our_house)

    class Removes(MemoryPost):
        async def send(self, *told: Any) -> Any:
            async with our_house.transaction(ADMIN) as tx:
                await hooks.remove(tx, endpoint)
            return await super().send(*told)

    slow = Removes()
    slow.answers[URL] = 410
    await Hooks(our_house, slow).step()
    await send_all(our_house, post)
    async with our_house.transaction(ADMIN) as tx:
        assert await hooks.listed(tx) == []
    assert post.taken == []


async def test_a_removed_program_goes_with_the_last_of_its_log(
    our_house: House, post: MemoryPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, _ = await someone(our_house)
    kept, _ = await someone(our_house)
    await happens(our_house)
    await send_all(our_house, post)
    async with our_house.transaction(ADMIN) as tx:
        await hooks.remove(tx, endpoint)
    await Hooks(our_house, post).forget()
    assert len(await log_of(our_house, endpoint)) == 1
    monkeypatch.setattr(telling, "KEPT", timedelta(days=-1))
    await Hooks(our_house, post).forget()
    async with our_house.transaction(SYSTEM) as tx:
        rows = await tx.all("select id from hook_endpoints")
    assert [row["id"] for row in rows] == [kept.id]
