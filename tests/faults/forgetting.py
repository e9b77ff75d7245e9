"""What was done and nobody heard of, until it is looked for."""

import random

from tests.actions.world import Ours

from prunella.actions import Action


async def lose_the_answer(
    ours: Ours, action: Action, chance: random.Random, *, write: tuple[str, str], look: str
) -> None:
    """It is done, and the answer is lost; at times nobody answers who looks, either.

    `write` is method and path of what is done, `look` the path of where one looks.
    """
    stripe, (method, path) = ours.stripe, write
    await stripe.fault(chance.choice(["error_after", "timeout_after"]), path, method=method)
    if chance.random() < 0.5:
        await stripe.fault("error_before", look, method="GET", count=5)
    await ours.work(action)
    await stripe.http.delete("/_sandbox/faults")
    await stripe.pass_time(hours=chance.choice([0.1, 1, 25]))
    await ours.fire_timers()
    await ours.work(action)
