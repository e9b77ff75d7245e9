"""A mail that ends whoever takes it, among mails that do no harm."""

from contextlib import suppress

from tests.mail.post import SERVER, Post, a_mail

from prunella.cases.mail import Arrived, Settled, take_batch
from prunella.connectors.mail.reading import Incoming
from prunella.kit.actor import SYSTEM
from prunella.kit.house import Tx

MORE_THAN_ENOUGH = 60


class Died(BaseException):
    """The process ended, so nothing of what it held was written."""


async def die_of_poison(_tx: Tx, _arrived: Arrived, mail: Incoming) -> Settled:
    if mail.subject == "Poison":
        raise Died
    return Settled(outcome="nothing")


async def test_only_the_mail_that_ends_its_workers_is_put_aside(post: Post) -> None:
    for subject in ("Poison", "Invoice", "Refund", "Card"):
        await post.deliver(a_mail(subject=subject))
    for _ in range(MORE_THAN_ENOUGH):
        async with post.rooms.house.transaction(SYSTEM) as tx:
            await tx.execute("update mail_in set not_before = 'epoch' where state = 'waiting'")
        with suppress(BaseExceptionGroup):
            await take_batch(post.rooms.house, die_of_poison, authserv_id=SERVER)
    assert [one.subject for one in await post.letterbox("done")] == ["Card", "Refund", "Invoice"]
    (aside,) = await post.letterbox("aside")
    assert aside.error == "Taking it failed again and again."
