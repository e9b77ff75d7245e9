"""A folder over IMAP: every mail in it comes in once, and the folder stays as it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs
from tests.mail.mailserver import PASSWORD, Mailserver
from tests.mail.post import Post, a_mail
from tests.ports import free_port

from prunella.cases.mail import Follower
from prunella.connectors.mail import ImapFolder, MailRefusedError, MailTransientError
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now

LOOKS = 1800


@pytest.fixture
def follower(post: Post, mailserver: Mailserver) -> Follower:
    return Follower(post.rooms.house, ImapFolder(mailserver.url))


async def once(follower: Follower) -> int:
    """Look into the folder once, from nothing, and hang up."""
    try:
        return await follower.take_new(await follower.folder.open())
    finally:
        await follower.folder.close()


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(LOOKS):
        if await found():
            return
        await asyncio.sleep(0.1)
    raise TimeoutError


@asynccontextmanager
async def following(follower: Follower) -> AsyncIterator[None]:
    task = asyncio.create_task(follower.run())
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_mail_read_elsewhere_comes_in_and_the_folder_stays_as_it_was(
    post: Post, mailserver: Mailserver, follower: Follower
) -> None:
    """Lesson: only unread mail was fetched, so mail read elsewhere was lost."""
    await asyncio.to_thread(mailserver.put, a_mail("One"), seen=True)
    await asyncio.to_thread(mailserver.put, a_mail("Two"))
    assert await once(follower) == 2
    assert await once(follower) == 0
    assert [one.state for one in await post.letterbox()] == ["waiting"] * 2
    assert await asyncio.to_thread(mailserver.flags) == [(b"\\Seen",), ()]


async def test_what_came_while_nobody_looked_is_found(
    post: Post, mailserver: Mailserver, follower: Follower
) -> None:
    await asyncio.to_thread(mailserver.put, a_mail("One"))
    opened = await follower.folder.open()
    assert await follower.take_new(opened, first=opened.uidnext) == 0  # it was overlooked
    await follower.folder.close()
    await asyncio.to_thread(mailserver.put, a_mail("Two"))
    assert await once(follower) == 2
    assert len(await post.letterbox()) == 2


async def test_a_rebuilt_folder_brings_nothing_twice(
    post: Post, mailserver: Mailserver, follower: Follower
) -> None:
    kept = [a_mail("One"), a_mail("Two")]
    for mail in kept:
        await asyncio.to_thread(mailserver.put, mail)
    await once(follower)
    await asyncio.to_thread(mailserver.stop)
    await asyncio.to_thread(mailserver.start)
    for mail in [*kept, a_mail("Three")]:
        await asyncio.to_thread(mailserver.put, mail)
    assert await once(follower) == 3
    found = await post.letterbox()
    assert sorted(one.copies for one in found) == [1, 2, 2]


async def test_mail_by_both_ways_makes_one_case(
    post: Post, mailserver: Mailserver, follower: Follower
) -> None:
    """Lesson: the same Message-ID twice made two tickets."""
    mail = a_mail()
    await post.deliver(mail)
    await asyncio.to_thread(mailserver.put, mail)
    await once(follower)
    await post.take()
    assert len(await post.cases()) == 1


async def test_old_mail_of_a_folder_followed_for_the_first_time_stays_there(
    post: Post, mailserver: Mailserver, follower: Follower
) -> None:
    old = system_now() - timedelta(days=60)
    await asyncio.to_thread(mailserver.put, a_mail("Long ago"), at=naive(old))
    await asyncio.to_thread(mailserver.put, a_mail("Now"))
    assert await once(follower) == 2
    assert await once(follower) == 0
    [came] = await post.letterbox()
    await post.take()
    [case] = await post.cases()
    assert case.text == "Now"
    assert came.source == "imap"


def naive(at: datetime) -> datetime:
    return at.astimezone().replace(tzinfo=None)


async def test_mail_comes_as_it_arrives_also_after_the_server_was_away(
    post: Post, mailserver: Mailserver, follower: Follower
) -> None:
    async def came(many: int) -> bool:
        return len(await post.letterbox()) == many

    async with following(follower):
        await asyncio.to_thread(mailserver.put, a_mail("One"))
        await until(lambda: came(1))
        await asyncio.to_thread(mailserver.stop)
        await asyncio.to_thread(mailserver.start)
        await asyncio.to_thread(mailserver.put, a_mail("Two"))
        await until(lambda: came(2))


async def test_what_was_overlooked_while_connected_is_found_by_comparing_again(
    post: Post, mailserver: Mailserver, follower: Follower
) -> None:
    """A mail may be listed later than one behind it, while the line to the server holds."""
    follower.compare_every = 2

    async def came(*copies: int) -> bool:
        return sorted(one.copies for one in await post.letterbox()) == sorted(copies)

    async with following(follower):
        await asyncio.to_thread(mailserver.put, a_mail("One"))
        await until(lambda: came(1))
        async with post.rooms.house.transaction(SYSTEM) as tx:
            assert await tx.execute("delete from mail_uids") == 1
        await asyncio.to_thread(mailserver.put, a_mail("Two"))
        await until(lambda: came(2, 1))


async def test_a_wrong_password_is_told_without_the_password(mailserver: Mailserver) -> None:
    folder = ImapFolder(mailserver.url.replace(PASSWORD, "a-wrong-one"))
    with pytest.raises(MailRefusedError) as refused:
        await folder.open()
    assert "a-wrong-one" not in str(refused.value)
    assert "a-wrong-one" not in repr(vars(folder))


async def test_a_folder_that_is_not_there_is_named(mailserver: Mailserver) -> None:
    folder = ImapFolder(mailserver.url.replace("INBOX", "Nowhere"))
    with pytest.raises(MailRefusedError, match="Nowhere"):
        await folder.open()
    await folder.close()


async def test_a_server_that_is_away_can_be_tried_again_and_no_log_tells_the_password(
    post: Post,
) -> None:
    url = f"imap://billing:{PASSWORD}@127.0.0.1:{free_port()}"
    with pytest.raises(MailTransientError):
        await ImapFolder(url).open()

    async def told() -> bool:
        return bool(logs)

    with capture_logs() as logs:
        async with following(Follower(post.rooms.house, ImapFolder(url))):
            await until(told)
    assert PASSWORD not in repr(logs)
