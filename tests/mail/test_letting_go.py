"""Mail as it came is let go of after a while; what a case needs of it stays."""

from datetime import timedelta

from tests.mail.post import AGENT, Post, a_mail

from prunella import audit, cases
from prunella.cases import Case
from prunella.cases.mail import let_go
from prunella.kit.actor import SYSTEM

KEEP = timedelta(days=90)
OLDER = "update mail_in set received_at = received_at - interval '91 days'"
MACHINE = {"Auto-Submitted": "auto-replied"}


async def an_old_mail(post: Post) -> Case:
    await post.ada()
    await post.came(a_mail("I was charged twice in March."))
    [case] = await post.cases()
    await grow_old(post)
    return case


async def grow_old(post: Post) -> None:
    async with post.rooms.house.transaction(SYSTEM) as tx:
        await tx.execute(OLDER)


async def close(post: Post, case: Case) -> None:
    async with post.rooms.house.transaction(AGENT) as tx:
        known = await cases.get_case(tx, case.id)
        assert known
        await (await known.solve(tx)).set(tx, status="closed")


async def original(post: Post, mail: str) -> bytes | None:
    async with post.rooms.house.transaction(SYSTEM) as tx:
        return await cases.mail.raw_mail(tx, mail)


async def test_an_original_goes_once_its_case_is_closed_and_the_words_stay(post: Post) -> None:
    case = await an_old_mail(post)
    house, [kept] = post.rooms.house, await post.letterbox()
    assert await let_go(house, keep=KEEP) == 0
    await close(post, case)
    assert (await let_go(house, keep=KEEP), await let_go(house, keep=KEEP)) == (1, 0)
    assert await original(post, kept.id) is None
    [row] = await post.letterbox()
    assert (row.kept, row.sender, row.case_id) == (False, kept.sender, case.id)
    assert "I was charged twice in March." in (await post.said(case))[0].text
    async with house.transaction(SYSTEM) as tx:
        [entry] = await audit.newest(tx, which=audit.Filter(verb="mail.let_go"))
    assert entry.after == {"mails": 1, "older_than_days": 90}


async def test_the_same_mail_once_more_is_known_though_the_original_is_gone(post: Post) -> None:
    await post.ada()
    mail = a_mail()
    await post.came(mail)
    [case] = await post.cases()
    await grow_old(post)
    await close(post, case)
    await let_go(post.rooms.house, keep=KEEP)
    await post.came(mail)
    [row] = await post.letterbox()
    assert (row.copies, len(await post.cases())) == (2, 1)


async def test_what_nobody_could_read_waits_until_somebody_decided(post: Post) -> None:
    async with post.rooms.house.transaction(SYSTEM) as tx:
        aside = await cases.mail.keep(tx, b"\0", source="lmtp", problem="It cannot be read.")
    await grow_old(post)
    assert await let_go(post.rooms.house, keep=KEEP) == 0
    assert await original(post, aside) == b"\0"


async def test_a_new_mail_and_one_that_waits_are_kept(post: Post) -> None:
    await post.came(a_mail(headers=MACHINE))
    assert await let_go(post.rooms.house, keep=KEEP) == 0
    async with post.rooms.house.transaction(SYSTEM) as tx:
        await cases.mail.keep(tx, a_mail().as_bytes(), source="lmtp")
    await grow_old(post)
    assert await let_go(post.rooms.house, keep=KEEP) == 1  # the one that was taken


async def test_a_machines_mail_that_is_gone_cannot_become_a_case(post: Post) -> None:
    await post.came(a_mail(headers=MACHINE))
    await grow_old(post)
    await let_go(post.rooms.house, keep=KEEP)
    [row] = await post.letterbox()
    async with post.rooms.house.transaction(AGENT) as tx:
        assert not await cases.mail.try_again(tx, row.id, as_case=True)


async def test_the_worker_lets_go_by_what_the_content_says(post: Post) -> None:
    case = await an_old_mail(post)
    await close(post, case)
    await post.rooms.forget()
    [row] = await post.letterbox()
    assert not row.kept
