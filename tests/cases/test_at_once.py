"""Many people on one case at the same moment: nothing that was said is lost, nobody is stuck."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from tests.cases.scene import ADMIN, Scene, acting, kept_scene, themselves

from prunella import cases
from prunella.cases import CLOSE, Case
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House, Tx
from prunella.kit.timers import Timer

ROUNDS = 5


async def alone(
    house: House, actor: Actor, verb: Callable[..., Awaitable[Any]], *said: Any, **more: Any
) -> Any:
    """Do one thing in a transaction of its own."""
    async with house.transaction(actor) as tx:
        return await verb(tx, *said, **more)


async def all_texts(house: House, case: Case) -> list[str]:
    async with house.transaction(SYSTEM) as tx:
        return [one.text for one in await cases.messages_of(tx, case)]


async def now(house: House, case: Case) -> Case:
    async with house.transaction(SYSTEM) as tx:
        found = await cases.get_case(tx, case.id)
    assert found is not None
    return found


async def another(house: House, scene: Scene, subject: str) -> Case:
    async with house.transaction(themselves(scene.customer)) as tx:
        return await cases.open_case(
            tx, scene.customer, subject=subject, text=subject, because="asked"
        )


async def test_two_merges_into_each_other_make_one_case(house: House) -> None:
    for _ in range(ROUNDS):
        scene = await kept_scene(house)
        other = await another(house, scene, "VAT")
        await asyncio.gather(
            alone(house, ADMIN, scene.case.merge_into, other),
            alone(house, ADMIN, other.merge_into, scene.case),
        )
        states = [await now(house, one) for one in (scene.case, other)]
        assert sorted(one.merged_into is None for one in states) == [False, True]
        [goes_on] = [one for one in states if one.merged_into is None]
        assert goes_on.status != "closed"
        assert set(await all_texts(house, goes_on)) == {"Why did it fail?", "VAT"}


async def test_a_ring_of_merges_leaves_one_case_open(house: House) -> None:
    for _ in range(ROUNDS):
        scene = await kept_scene(house)
        ring = [scene.case, *[await another(house, scene, f"Case {n}") for n in range(3)]]
        pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
        await asyncio.gather(*(alone(house, ADMIN, one.merge_into, two) for one, two in pairs))
        left = [one for case in ring if (one := await now(house, case)).merged_into is None]
        assert len(left) == 1
        assert len(await all_texts(house, left[0])) == len(ring)


async def test_words_that_race_a_merge_stand_in_the_case_that_goes_on(house: House) -> None:
    for _ in range(ROUNDS):
        scene = await kept_scene(house)
        other = await another(house, scene, "VAT")
        theirs = themselves(scene.customer)
        await asyncio.gather(
            alone(house, ADMIN, other.merge_into, scene.case),
            *(alone(house, theirs, other.add_message, f"asked {n}") for n in range(4)),
            *(alone(house, ADMIN, other.reply, f"answered {n}") for n in range(4)),
        )
        said = {f"{word} {n}" for n in range(4) for word in ("asked", "answered")}
        assert said <= set(await all_texts(house, scene.case))


async def test_a_word_that_races_the_closing_is_heard_here_or_in_a_case_that_follows(
    house: House,
) -> None:
    for _ in range(ROUNDS):
        scene = await kept_scene(house)
        await alone(house, ADMIN, scene.case.solve)
        theirs = themselves(scene.customer)
        await asyncio.gather(
            alone(house, SYSTEM, a_week_later, scene.case),
            *(alone(house, theirs, scene.case.add_message, f"word {n}") for n in range(4)),
        )
        every = await alone(house, SYSTEM, cases.cases_of, scene.customer.id)
        heard = [text for case in every for text in await all_texts(house, case)]
        assert sorted(text for text in heard if "word" in text) == [f"word {n}" for n in range(4)]
        assert [one.status for one in every if one.status not in {"solved", "closed"}]
        assert len(every) <= 2


async def a_week_later(tx: Tx, case: Case) -> None:
    later = acting(tx, SYSTEM, later=timedelta(days=7))
    await cases.close_solved(later, Timer(CLOSE, case.id, later.now))


async def test_many_changed_at_once_and_merges_and_words_wait_for_each_other(house: House) -> None:
    for _ in range(ROUNDS):
        scene = await kept_scene(house)
        every = [scene.case, *[await another(house, scene, f"Case {n}") for n in range(5)]]
        names = [case.id for case in every]
        theirs = themselves(scene.customer)
        orders = {"up": names, "down": names[::-1], "some": names[1:4]}
        await asyncio.gather(
            *(
                alone(house, ADMIN, cases.change_many, order, cases.Change(add_tags=(tag,)))
                for tag, order in orders.items()
            ),
            alone(house, ADMIN, every[4].merge_into, every[1]),
            alone(house, ADMIN, every[2].merge_into, every[5]),
            *(alone(house, theirs, case.add_message, "more") for case in every),
        )
        states = [await now(house, case) for case in every]
        left = [one for one in states if one.merged_into is None]
        texts = [text for case in left for text in await all_texts(house, case)]
        assert texts.count("more") == len(every)
        assert all({"up", "down"} <= set(one.tags) for one in left)


async def test_split_and_merge_at_once_lose_no_word(house: House) -> None:
    for _ in range(ROUNDS):
        scene = await kept_scene(house)
        other = await another(house, scene, "VAT")
        said = await alone(house, themselves(scene.customer), scene.case.add_message, "Cancel.")
        await asyncio.gather(
            alone(house, ADMIN, scene.case.split, [said.id], subject="Cancel"),
            alone(house, ADMIN, scene.case.merge_into, other),
        )
        every = await alone(house, SYSTEM, cases.cases_of, scene.customer.id)
        left = [one for one in every if one.merged_into is None]
        texts = [text for one in left for text in await all_texts(house, one)]
        assert sorted(texts) == ["Cancel.", "VAT", "Why did it fail?"]
