"""A colleague at the desk who decides about money, by keyboard."""

from tests.browsing import NewPage, arriving, follow
from tests.journeys.subscriber import Subscriber
from tests.journeys.visit import keep, sees


async def approved(
    new_page: NewPage, customer: Subscriber, *, role: str, reads: tuple[str, ...], picture: str
) -> None:
    """Sign in, find it in the queue, read why, and say yes."""
    running = customer.running
    name = f"{role.capitalize()} of {customer.name}"
    made = running.command("token", "create", "--role", role, name)
    desk = await new_page()
    await desk.goto(f"{running.url}/sign-in")
    await desk.fill("#token", made.stdout.split()[-1])
    await follow(desk.get_by_role("button", name="Sign in"))
    await desk.goto(f"{running.url}/desk/approvals")
    await sees(desk, customer.name)
    async with arriving(desk):
        await desk.get_by_role("link", name=customer.name).first.press("Enter")
    for words in reads:
        await sees(desk, words)
    await keep(desk, picture)
    await desk.keyboard.press("a")
    await desk.keyboard.press("Enter")
    await sees(desk, "Approved.")
