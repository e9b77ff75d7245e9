"""How customers, mail readers and staff get in, and how they do not."""

from datetime import timedelta

import jwt
import pytest

from prunella import people
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.clock import system_now
from prunella.kit.house import House, Tx
from prunella.people import customer_jwt, links, sessions, tokens

OLD = "the-secret-of-last-year-0123456789abcdef"
NEW = "the-secret-of-this-year-0123456789abcdef"
HOUR = timedelta(hours=1)


def signed(secret: str = NEW, *, algorithm: str = "HS256", **claims: object) -> str:
    full = {"sub": "cus_1", "exp": system_now() + HOUR, **claims}
    return jwt.encode({k: v for k, v in full.items() if v is not None}, secret, algorithm=algorithm)


def kid_of(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


async def a_customer(tx: Tx) -> people.Customer:
    return await people.add_customer(tx, name="Northbeck Outfitters")


def test_the_products_token_says_who_and_what_they_may() -> None:
    claims = customer_jwt.verify(signed(person="pat", role="owner"), secrets=[NEW])
    assert claims == customer_jwt.Claims(customer="cus_1", person="pat", role="owner")


def test_without_a_role_a_person_may_pay() -> None:
    assert customer_jwt.verify(signed(), secrets=[NEW]).role == "billing"


def test_while_secrets_rotate_both_sign() -> None:
    for secret in (OLD, NEW):
        assert customer_jwt.verify(signed(secret), secrets=[OLD, NEW]).customer == "cus_1"


@pytest.mark.parametrize(
    "token",
    [
        signed("another-secret-0123456789-0123456789-012345"),
        signed(exp=None),
        signed(sub=None),
        signed(sub=""),
        signed(sub="cus\x001"),
        signed(sub=7),
        signed(role="admin"),
        signed(person=["pat"]),
        signed(NEW + NEW, algorithm="HS512"),
        jwt.encode({"sub": "cus_1", "exp": 9999999999}, "", algorithm="none"),
        signed()[:-2],
        "",
        "a.b.c",
        "x" * 9000,
    ],
)
def test_a_token_that_is_not_right_opens_nothing(token: str) -> None:
    with pytest.raises(customer_jwt.BadTokenError):
        customer_jwt.verify(token, secrets=[OLD, NEW])


def test_an_expired_token_says_so_to_the_second() -> None:
    with pytest.raises(customer_jwt.ExpiredTokenError):
        customer_jwt.verify(signed(exp=system_now() - timedelta(seconds=1)), secrets=[NEW])


def test_without_a_secret_nobody_comes_in() -> None:
    with pytest.raises(customer_jwt.BadTokenError):
        customer_jwt.verify(signed(), secrets=[])


async def test_a_known_customer_is_verified(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        entered = await customer_jwt.sign_in(
            tx, signed(sub=customer.id, role="member"), secrets=[NEW]
        )
    assert entered.actor == Actor(kind="customer", id=customer.id, role="member", verified=True)


async def test_a_customer_nobody_knows_stays_outside(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        with pytest.raises(customer_jwt.UnknownCustomerError):
            await customer_jwt.sign_in(tx, signed(sub="cust_nobody"), secrets=[NEW])


async def test_a_mails_link_is_for_one_customer_one_purpose_one_invoice(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        token = await links.make(tx, customer="cust_1", subject="in_1")
        link = await links.read(tx, token)
    assert (link.customer, link.purpose, link.subject) == ("cust_1", "mail", "in_1")
    assert not link.actor.verified


async def test_a_link_outlives_its_key(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        token = await links.make(tx, customer="cust_1")
        await links.rotate(tx)
        assert (await links.read(tx, token)).customer == "cust_1"
        assert kid_of(await links.make(tx, customer="cust_1")) != kid_of(token)


async def test_a_link_dies_with_its_week(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        kid = kid_of(await links.make(tx, customer="cust_1"))
        row = await tx.one("select secret from signing_keys where id = %s", (kid,))
        assert row is not None
        claims = {"iss": "prunella", "sub": "cust_1", "use": "mail", "about": "", "exp": 1}
        with pytest.raises(links.ExpiredLinkError):
            await links.read(tx, jwt.encode(claims, bytes(row["secret"]), headers={"kid": kid}))


async def test_a_key_retired_for_a_week_opens_nothing(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        token = await links.make(tx, customer="cust_1")
        await links.rotate(tx)
        long_ago = system_now() - timedelta(days=8)
        await tx.execute(
            "update signing_keys set retired_at = %s where id = %s", (long_ago, kid_of(token))
        )
        with pytest.raises(links.BadLinkError):
            await links.read(tx, token)


async def test_a_link_somebody_else_signed_opens_nothing(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        genuine = await links.make(tx, customer="cust_1")
        kid = kid_of(genuine)
        claims = {"iss": "prunella", "sub": "cust_2", "use": "mail", "about": "", "exp": 9999999999}
        forged = jwt.encode(claims, NEW, headers={"kid": kid})
        for token in (forged, signed(), genuine[:-3], "", "x" * 3000):
            with pytest.raises(links.BadLinkError):
                await links.read(tx, token)


async def test_a_session_is_found_by_its_cookie_until_it_ends(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        actor = Actor(kind="customer", id=customer.id, role="owner", verified=True)
        secret = await sessions.open_for_customer(tx, actor, person="pat")
        found = await sessions.find(tx, secret)
        assert found is not None
        assert (found.actor, found.person, len(found.csrf) > 40) == (actor, "pat", True)
        await sessions.end(tx, secret)
        assert await sessions.find(tx, secret) is None
        assert await sessions.find(tx, "ses_made_up") is None
        assert await sessions.find(tx, "") is None


async def test_sessions_last_as_long_as_promised_and_no_longer(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        customer = await a_customer(tx)
        reader = Actor(kind="customer", id=customer.id, role="billing")
        staff = Actor(kind="staff", id="tok_1", role="agent", verified=True)
        opened = {
            12: await sessions.open_for_customer(tx, reader),
            1: await sessions.open_for_customer(tx, reader, purpose="mail", subject="in_1"),
            8: await sessions.open_for_staff(tx, staff),
        }
        for hours, secret in opened.items():
            session = await sessions.find(tx, secret)
            assert session is not None
            left = session.expires_at - system_now()
            assert timedelta(hours=hours) - timedelta(minutes=5) < left <= timedelta(hours=hours)
        mail = await sessions.find(tx, opened[1])
        assert mail is not None
        assert (mail.purpose, mail.subject, mail.verified) == ("mail", "in_1", False)


async def test_an_expired_session_is_no_session(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        staff = Actor(kind="staff", id="tok_late", role="agent", verified=True)
        secret = await sessions.open_for_staff(tx, staff)
        await tx.execute(
            "update sessions set expires_at = %s where person = 'tok_late'", (system_now(),)
        )
        assert await sessions.find(tx, secret) is None
        assert await sessions.sweep(tx) >= 1


async def test_a_token_is_shown_once_and_works_until_revoked(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        secret = await tokens.create(tx, name="Agent 4", role="agent")
        actor = await tokens.of_bearer(tx, secret)
        assert actor is not None
        assert (actor.kind, actor.role, actor.verified) == ("staff", "agent", True)
        cookie = await sessions.open_for_staff(tx, actor)
        assert all(secret not in str(token) for token in await tokens.listed(tx))
        assert await tokens.revoke(tx, actor.id)
        assert await tokens.of_bearer(tx, secret) is None
        assert await sessions.find(tx, cookie) is None
        assert not await tokens.revoke(tx, actor.id)


async def test_the_environments_token_is_the_admin(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        assert await tokens.of_bearer(tx, "let me in", admin_token="let me in") == tokens.ADMIN
        assert await tokens.of_bearer(tx, "let me", admin_token="let me in") is None
        assert await tokens.of_bearer(tx, "", admin_token="") is None
        assert await tokens.of_bearer(tx, "", admin_token=None) is None


async def test_a_service_is_no_member_of_staff(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        actor = await tokens.of_bearer(tx, await tokens.create(tx, name="CRM", role="service"))
        assert actor is not None
        assert actor.kind == "service"


async def test_a_token_needs_a_role_that_exists_and_a_name(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        with pytest.raises(tokens.UnknownRoleError):
            await tokens.create(tx, name="Somebody", role="king")
        with pytest.raises(tokens.TokenNameError):
            await tokens.create(tx, name=" ", role="agent")
