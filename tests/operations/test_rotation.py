"""Secrets change while the company lives, and nothing that was good is refused meanwhile."""

import json
import time
from pathlib import Path

from tests.operations.installation import URL, Installation, installation, sign_in_token, signed
from tests.operations.terminal import prunella

OLD_HOOK, NEW_HOOK = "whsec_old_" + 3 * "0123456789", "whsec_new_" + 3 * "0123456789"
OLD_JWT, NEW_JWT = "old-jwt-secret-" + 3 * "0123456789", "new-jwt-secret-" + 3 * "0123456789"
BOTH_HOOKS, BOTH_JWTS = f"{NEW_HOOK},{OLD_HOOK}", f"{NEW_JWT},{OLD_JWT}"


async def told(installed: Installation, secret: str) -> int:
    """Stripe tells us something, signed with this secret."""
    about = {"id": "cus_1", "object": "customer"}
    event = {"id": f"evt_{time.monotonic_ns()}", "type": "customer.updated"}
    body = json.dumps(event | {"created": int(time.time()), "data": {"object": about}}).encode()
    async with installed.client() as client:
        headers = {"stripe-signature": signed(body, secret)}
        return (await client.post("/webhooks/stripe", content=body, headers=headers)).status_code


async def came_in(installed: Installation, customer: str, secret: str) -> int:
    """The product sends a customer, signed with this secret."""
    async with installed.client() as client:
        token = sign_in_token(customer, secret)
        return (await client.get("/billing", params={"token": token})).status_code


async def test_webhook_secrets_change_without_a_gap(database_url: str) -> None:
    """Stripe signs with both for up to a day; at each step what may still come is taken."""
    steps = [(OLD_HOOK, [OLD_HOOK]), (BOTH_HOOKS, [OLD_HOOK, NEW_HOOK]), (NEW_HOOK, [NEW_HOOK])]
    for kept, used in steps:
        async with installation(database_url, stripe_webhook_secret=kept) as installed:
            assert [await told(installed, secret) for secret in used] == [200] * len(used)
    async with installation(database_url, stripe_webhook_secret=NEW_HOOK) as installed:
        assert await told(installed, OLD_HOOK) == 400


async def test_the_products_secret_changes_without_a_gap(database_url: str) -> None:
    steps = [(OLD_JWT, [OLD_JWT]), (BOTH_JWTS, [OLD_JWT, NEW_JWT]), (NEW_JWT, [NEW_JWT])]
    for kept, used in steps:
        async with installation(database_url, customer_jwt_secret=kept) as installed:
            customer = (await installed.customer()).id
            assert [await came_in(installed, customer, one) for one in used] == [303] * len(used)
    async with installation(database_url, customer_jwt_secret=NEW_JWT) as installed:
        assert await came_in(installed, customer, OLD_JWT) == 401


async def test_a_customer_who_is_in_stays_in_while_everything_changes(database_url: str) -> None:
    old = {"stripe_webhook_secret": OLD_HOOK, "customer_jwt_secret": OLD_JWT}
    new = {"stripe_webhook_secret": NEW_HOOK, "customer_jwt_secret": NEW_JWT}
    async with installation(database_url, **old) as installed, installed.client() as browser:
        customer = (await installed.customer()).id
        await browser.get("/billing", params={"token": sign_in_token(customer, OLD_JWT)})
        cookies = dict(browser.cookies)
    async with installation(database_url, **new) as installed, installed.client() as browser:
        browser.cookies.update(cookies)
        assert (await browser.get("/billing")).status_code == 200


async def test_the_admin_token_changes_behind_a_token_of_the_database(database_url: str) -> None:
    """Whoever works with a made token does not notice; the old secret opens nothing any more."""
    asked = "/v1/customers/cus_nobody/diagnosis"
    async with installation(database_url, admin_token="the-first-" + 24 * "a") as installed:
        made = await installed.staff_token()
    async with installation(database_url, admin_token="the-second-" + 24 * "b") as installed:
        seen = {}
        for secret in (made, "the-second-" + 24 * "b", "the-first-" + 24 * "a"):
            async with installed.client(authorization=f"Bearer {secret}") as client:
                seen[secret[:10]] = (await client.get(asked)).status_code
        assert list(seen.values()) == [404, 404, 401]


async def opens(installed: Installation, link: str) -> bool:
    async with installed.client() as client:
        return (await client.get(f"/l/{link}")).status_code == 303


async def test_links_go_on_when_their_key_changes(database_url: str, tmp_path: Path) -> None:
    env = {"PRUNELLA_DATABASE_URL": database_url, "PRUNELLA_PUBLIC_URL": URL}
    async with installation(database_url) as installed:
        customer = await installed.customer()
        before = await installed.link(customer)
        done = prunella("keys", "rotate", env=env, folder=tmp_path)
        assert "work for their 7 days" in done.stdout, done.stderr
        after = await installed.link(customer)
        assert [await opens(installed, link) for link in (before, after)] == [True, True]
        assert prunella("keys", "rotate", "--leaked", env=env, folder=tmp_path).returncode == 0
        newest = await installed.link(customer)
        assert not await opens(installed, before)
        assert not await opens(installed, after)
        assert await opens(installed, newest)
