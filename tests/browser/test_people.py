"""Ways in and people in a real browser: by phone and desktop, dark and light, seen by axe."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect
from tests.browsing import Check, NewPage, Picture, follow
from tests.people.team import PASSWORD
from tests.web.company import ADMIN, Company

from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.people import invitations, staff, totp

STEP = timedelta(seconds=totp.STEP_S)


async def set_up(page: Page, axe: Check, picture: Picture, way: str) -> str:
    """Fill in the page of a set-up link; returns the app's secret."""
    await picture(page, f"join-{way}")
    await axe(page)
    secret = (await page.locator("figcaption code").inner_text()).replace(" ", "")
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_label("The same again").fill(PASSWORD)
    await page.get_by_label("The six digits").fill(totp.code_at(secret, system_now()))
    await page.get_by_role("button", name="Set it up").click()
    await page.get_by_role("heading", name="Recovery codes").wait_for()
    await picture(page, f"recovery-codes-{way}")
    await axe(page)
    return secret


async def invited(company: Company, name: str, role: str) -> str:
    async with company.rooms.house.transaction(SYSTEM) as tx:
        email = f"{name.lower()}@tai.example"
        member = await staff.add(tx, name=name, email=email, role=role, teams=["support"])
        return await invitations.invite(tx, member.id)


async def test_from_a_link_to_ones_own_account(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    ways: tuple[tuple[str, str, dict[str, bool]], ...] = (
        ("desktop", "Ana", {}),
        ("phone-dark", "Ben", {"phone": True, "dark": True}),
    )
    for way, name, asked in ways:
        page = await new_page(**asked)
        link = await invited(open_company, name, "admin")
        await page.goto(f"{open_company.url}/join/{link}")
        secret = await set_up(page, axe, picture, way)
        await page.get_by_role("link", name="I have kept them").click()
        await page.wait_for_url("**/desk")

        await page.goto(f"{open_company.url}/desk/you")
        await page.locator("summary", has_text="Choose one by one").click()
        await picture(page, f"you-{way}")
        await axe(page)
        await page.locator("#app-password").fill(PASSWORD)
        await page.get_by_role("button", name="Connect another app").click()
        await page.wait_for_url("**/desk/you/app")
        await picture(page, f"you-app-{way}")
        await axe(page)

        await page.goto(f"{open_company.url}/desk/people")
        await picture(page, f"people-{way}")
        await axe(page)
        await follow(page.get_by_role("link", name=name).first)
        await picture(page, f"person-{way}")
        await axe(page)

        await page.context.clear_cookies()
        await page.goto(f"{open_company.url}/sign-in")
        await page.get_by_label("Your mail address").fill(f"{name.lower()}@tai.example")
        await page.get_by_label("Your password").fill(PASSWORD)
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("heading", name="Now your code").wait_for()
        await picture(page, f"sign-in-code-{way}")
        await axe(page)
        ahead = system_now() + STEP
        await page.get_by_label("The six digits").fill(totp.code_at(secret, ahead))
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")


@pytest.mark.parametrize("script", [True, False])
async def test_an_admin_invites_and_lets_go_with_javascript_or_without(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture, *, script: bool
) -> None:
    page = await new_page(script=script)
    await page.goto(f"{open_company.url}/sign-in")
    await page.fill("#token", ADMIN)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk")
    await page.goto(f"{open_company.url}/desk/people")
    await page.fill("#name", "Cleo Marsh")
    await page.fill("#email", "cleo@tai.example")
    await page.select_option("#role", "finance")
    await page.get_by_label("Finance", exact=True).check()
    await follow(page.get_by_role("button", name="Invite", exact=True))
    if script:
        await picture(page, "set-up-link")
        await axe(page)
    link = await page.locator("#once").inner_text()
    assert "/join/join_" in link
    await follow(page.get_by_role("link", name="I have it"))
    await follow(page.get_by_role("button", name="Close it"))
    await expect(page.locator("aside")).to_contain_text("closed")
