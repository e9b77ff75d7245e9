"""Pages of people: setting up a way in, coming in, one's own account, who works here."""

import hashlib
import json
import re
from html import unescape

import httpx
import pytest
from tests.people.team import PASSWORD, Joined, joined
from tests.web.browsing import at_the_desk, form_of, forms_of, send, text_of
from tests.web.company import ADMIN, Company

from prunella import people
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.house import Tx
from prunella.people import TEAMS, invitations, sessions, staff, tokens, totp

BEN = {"name": "Ben Okoro", "email": "ben@tai.example"}
NEW = "other words that are long"


def once(page: httpx.Response) -> str:
    found = re.search(r'<p class="seal" id="once">([^<]+)</p>', page.text)
    assert found, page.text
    return unescape(found.group(1))


def codes_of(page: httpx.Response) -> list[str]:
    return re.findall(r"<li><code>([^<]+)</code>", page.text)


def secret_in(page: httpx.Response) -> str:
    """What somebody would type into their app."""
    found = re.search(r"<figcaption>.*?<code>([^<]+)</code>", page.text, re.DOTALL)
    assert found
    return found.group(1).replace(" ", "")


def client_of(web: Company) -> httpx.AsyncClient:
    client = web.client()
    client.follow_redirects = True
    return client


async def come_in(web: Company, ana: Joined, steps: int = 1) -> httpx.AsyncClient:
    client = client_of(web)
    form = form_of(await client.get("/sign-in"), "/sign-in/password")
    page = await send(client, form, email=ana.member.email, password=ana.password)
    page = await send(client, form_of(page, "/sign-in/code"), code=ana.code(steps))
    assert page.url.path == "/desk", text_of(page)
    return client


async def test_what_was_typed_is_still_there_when_an_invitation_fails(web: Company) -> None:
    admin = await at_the_desk(web, ADMIN)
    form = form_of(await admin.get("/desk/people"), "/desk/people")
    for team in TEAMS:
        del form.fields[f"team.{team}"]
    await send(admin, form, role="lead", **BEN)
    typed = {"name": "Ben Adeyemi", "role": "finance", "team.finance": "yes"}
    page = await send(admin, form, **BEN | typed)
    assert page.status_code == 422
    assert "has this address already" in text_of(page)
    assert form_of(page, "/desk/people").fields["name"] == "Ben Adeyemi"
    assert '<option value="finance" selected>' in page.text
    assert 'name="team.finance" value="yes" checked' in page.text
    assert 'name="team.legal" value="yes">' in page.text


async def test_from_an_invitation_to_the_desk_without_javascript(web: Company) -> None:
    admin = await at_the_desk(web, ADMIN)
    form = form_of(await admin.get("/desk/people"), "/desk/people")
    del form.fields["team.support"]
    once_page = await send(admin, form, role="lead", **BEN)
    link = once(once_page)
    assert link.startswith(f"{web.url}/join/join_")
    assert link not in (await admin.get("/desk/people")).text

    ben = client_of(web)
    page = await ben.get(link)
    assert "Ben Okoro" in text_of(page)
    secret = secret_in(page)
    form = form_of(page, link.removeprefix(web.url))
    code = totp.code_at(secret, system_now())
    told = {"password": PASSWORD, "again": PASSWORD, "code": code}
    for wrong, words in (
        ({"password": "short", "again": "short"}, "too easy"),
        ({"again": "something else entirely"}, "not the same"),
        ({"code": "000000" if code != "000000" else "111111"}, "does not fit"),
    ):
        page = await send(ben, form, **{**told, **wrong})
        assert page.status_code == 422
        assert words in text_of(page)
        assert secret_in(page) == secret, "the app need not be connected again"
        assert PASSWORD not in page.text
    done = await send(ben, form, **told)
    assert len(codes_of(done)) == 10
    assert (await ben.get("/desk")).status_code == 200, "who was set up is in"
    assert (await ben.get(link)).status_code == 401, "the link works once"
    listed = text_of(await ben.get("/desk/people"))
    assert "Ben Okoro" in listed
    assert "works here" in listed


async def test_password_then_code_and_the_wrong_ones_say_nothing(web: Company) -> None:
    ana = await joined(web.rooms.house)
    async with web.client() as client:
        form = form_of(await client.get("/sign-in"), "/sign-in/password")
        told = []
        for email, password in (
            (ana.member.email, "wrong wrong wrong"),
            ("nobody@tai.example", PASSWORD),
            ("", ""),
        ):
            page = await send(client, form, email=email, password=password)
            assert page.status_code == 401
            assert "set-cookie" not in page.headers
            told.append(page.text)
        assert len(set(told)) == 1
        asked = await send(client, form, email=ana.member.email, password=PASSWORD)
        assert "set-cookie" not in asked.headers, "the password alone opens nothing"
        form = form_of(asked, "/sign-in/code")
        wrong = await send(client, form, code="12")
        assert wrong.status_code == 401
        come = await send(client, form_of(wrong, "/sign-in/code"), code=ana.code())
        assert (come.status_code, come.headers["location"]) == (303, "/desk")
        cookie = come.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie


async def test_who_guesses_at_the_door_is_told_to_wait(web: Company) -> None:
    ana = await joined(web.rooms.house)
    async with web.client() as client:
        form = form_of(await client.get("/sign-in"), "/sign-in/password")
        for _ in range(5):
            await send(client, form, email=ana.member.email, password="guess")
        page = await send(client, form, email=ana.member.email, password=PASSWORD)
        assert page.status_code == 429
        assert 0 < int(page.headers["retry-after"]) <= 60
        assert "Wait a few minutes" in text_of(page)


async def test_a_planted_cookie_is_not_the_one_that_comes_in(web: Company) -> None:
    """Session fixation: whatever the browser brings along is worth nothing afterwards."""
    ana, eve = await joined(web.rooms.house), await joined(web.rooms.house, "Eve Hall")
    planted = await come_in(web, eve)
    name, value = next(iter(planted.cookies.items()))
    for cookie in (value, "ses_made_up"):
        client = client_of(web)
        client.cookies.set(name, cookie, domain="billing.tai.example")
        form = form_of(await client.get("/sign-in"), "/sign-in/password")
        page = await send(client, form, email=ana.member.email, password=PASSWORD)
        code = ana.code() if cookie == value else ana.recovery_codes[0]
        await send(client, form_of(page, "/sign-in/code"), code=code)
        assert value not in client.cookies.values()
        assert "Ana Ruiz" in text_of(await client.get("/desk/you"))
    assert (await planted.get("/desk/you")).status_code == 401


async def test_another_sites_form_signs_nobody_in(web: Company) -> None:
    ana = await joined(web.rooms.house)
    async with web.client(origin="https://evil.example") as client:
        data = {"email": ana.member.email, "password": PASSWORD}
        for path in ("/sign-in/password", "/sign-in/code", "/join/join_x"):
            assert (await client.post(path, data=data)).status_code == 403, path


async def test_a_members_token_and_a_narrow_one_open_no_desk(web: Company) -> None:
    ana = await joined(web.rooms.house)
    async with web.rooms.house.transaction(ana.member.actor) as tx:
        own = await tokens.create_own(tx, name="Mine")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        narrow = await tokens.create(tx, name="Narrow", role="agent", scopes=["cases:read"])
        whole = await tokens.create(tx, name="Whole", role="agent")
    for token, status in ((own, 401), (narrow, 401), (whole, 200)):
        async with client_of(web) as client:
            form = form_of(await client.get("/sign-in"), "/sign-in")
            assert (await send(client, form, token=token)).status_code == status


async def test_another_password_needs_the_present_one_and_ends_other_sessions(
    web: Company,
) -> None:
    ana = await joined(web.rooms.house)
    here, elsewhere = await come_in(web, ana), None
    ana_again = client_of(web)
    form = form_of(await ana_again.get("/sign-in"), "/sign-in/password")
    page = await send(ana_again, form, email=ana.member.email, password=PASSWORD)
    await send(ana_again, form_of(page, "/sign-in/code"), code=ana.recovery_codes[0])
    elsewhere = ana_again
    form = form_of(await here.get("/desk/you"), "/desk/you/password")
    before = dict(here.cookies)
    for told, words in (
        ({"password": "guess", "new": NEW, "again": NEW}, "do not belong together"),
        ({"password": PASSWORD, "new": "short", "again": "short"}, "too easy"),
        ({"password": PASSWORD, "new": NEW, "again": NEW + "!"}, "not the same"),
    ):
        page = await send(here, form, **told)
        assert page.status_code == 422
        assert words in text_of(page)
    page = await send(here, form, password=PASSWORD, new=NEW, again=NEW)
    assert "Your password is changed" in text_of(page)
    assert dict(here.cookies) != before
    assert (await elsewhere.get("/desk/you")).status_code == 401
    ana.password = NEW
    ana.recovery_codes = ana.recovery_codes[1:]


async def test_another_phone_takes_over_once_it_has_told_a_code(web: Company) -> None:
    ana = await joined(web.rooms.house)
    client = await come_in(web, ana)
    assert (await client.get("/desk/you/app")).url.path == "/desk/you", "the password comes first"
    form = form_of(await client.get("/desk/you"), "/desk/you/app")
    assert (await send(client, form, password="guess")).status_code == 422
    page = await send(client, form, password=PASSWORD)
    assert page.url.path == "/desk/you/app"
    secret = secret_in(page)
    assert secret != ana.secret
    form = form_of(page, "/desk/you/app/code")
    assert (await send(client, form, code=ana.code())).status_code == 422
    page = await send(client, form, code=totp.code_at(secret, system_now()))
    assert "new app is in use" in text_of(page)
    ana.secret = secret
    await come_in(web, ana)


async def test_recovery_codes_are_shown_once_and_counted(web: Company) -> None:
    ana = await joined(web.rooms.house)
    client = await come_in(web, ana)
    page = await client.get("/desk/you")
    assert "10 codes are left" in text_of(page)
    new = await send(client, form_of(page, "/desk/you/recovery"), password=PASSWORD)
    codes = codes_of(new)
    assert len(codes) == 10
    assert not set(codes) & set(ana.recovery_codes)
    assert codes[0] not in (await client.get("/desk/you")).text


async def test_sessions_are_seen_and_ended_ones_own_alone(web: Company) -> None:
    ana, ben = await joined(web.rooms.house), await joined(web.rooms.house, "Ben Okoro")
    here, bens = await come_in(web, ana), await come_in(web, ben)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        old = await sessions.open_for_staff(
            tx, ana.member.actor, sessions.Where("Mozilla/5.0 (iPhone) Safari/605", "192.0.2.9")
        )
        (bens_one,) = await sessions.of_person(tx, ben.member.id)
    page = await here.get("/desk/you")
    assert "Safari, iPhone" in text_of(page)
    assert "192.0.2.9" in text_of(page)
    own = form_of(page, "/desk/you/sessions")
    foreign = f"/desk/you/sessions/{bens_one.id}"
    assert (await here.post(foreign, data=own.fields)).status_code == 404
    assert (await bens.get("/desk/you")).status_code == 200
    await send(here, own)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        assert await sessions.find(tx, old) is None
    assert (await here.get("/desk/you")).status_code == 200


async def test_a_token_of_ones_own_is_shown_once_with_what_was_chosen(web: Company) -> None:
    ana = await joined(web.rooms.house)
    client = await come_in(web, ana)
    form = form_of(await client.get("/desk/you"), "/desk/you/tokens")
    ticks = {name for name in form.fields if ":" in name}
    assert "people:write" not in ticks, "an agent cannot give what an agent has not"
    fields = {name: value for name, value in form.fields.items() if name not in ticks}
    form.fields = fields
    page = await send(client, form, name="Nightly", may="read", password=PASSWORD)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        held = await tokens.holder(tx, once(page))
    assert held
    assert (held.actor, held.is_whole) == (ana.member.actor, False)
    assert all(scope.endswith(":read") for scope in held.scopes)
    form.fields = fields | {"cases:write": "yes"}
    page = await send(client, form, name="Writer", may="some", password=PASSWORD)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        held = await tokens.holder(tx, once(page))
    assert held
    assert held.scopes == {"cases:write"}
    assert (await send(client, form, name="", may="all", password=PASSWORD)).status_code == 422
    assert (await send(client, form, name="Guess", password="guess")).status_code == 422
    page = await client.get("/desk/you")
    assert "Guess" not in text_of(page)
    ending = [one for one in forms_of(page) if one.action.startswith("/desk/you/tokens/")]
    assert len(ending) == 2
    assert "works no longer" in text_of(await send(client, ending[0]))


async def test_reloading_what_is_shown_once_makes_no_other(web: Company) -> None:
    """A browser sends the same form again, with the same password in it."""
    ana = await joined(web.rooms.house)
    client = await come_in(web, ana)
    token = form_of(await client.get("/desk/you"), "/desk/you/tokens")
    told = {"name": "Export", "may": "read", "password": PASSWORD}
    once(await send(client, token, **told))
    again = await send(client, token, **told)
    assert "nothing new was made" in text_of(again)
    assert again.text.count("<b>Export</b>") == 1
    codes = form_of(again, "/desk/you/recovery")
    first = codes_of(await send(client, codes, password=PASSWORD))
    assert len(first) > 3
    assert codes_of(await send(client, codes, password=PASSWORD)) == []
    other = form_of(await client.get("/desk/you"), "/desk/you/tokens")
    once(await send(client, other, **told))


async def test_reloading_an_invitation_or_a_programs_token_makes_no_other(web: Company) -> None:
    admin = await at_the_desk(web, ADMIN)
    page = await admin.get("/desk/people")
    invite, bare = form_of(page, "/desk/people"), form_of(page, "/desk/people/tokens")
    once(await send(admin, invite, role="lead", **BEN))
    assert "nothing new was made" in text_of(await send(admin, invite, role="lead", **BEN))
    once(await send(admin, bare, name="Export", role="service"))
    listed = await send(admin, bare, name="Export", role="service")
    assert listed.text.count("<b>Export</b>") == 1
    (ben,) = re.findall(r"/desk/people/(stf_\w+)", listed.text)
    anew = form_of(await admin.get(f"/desk/people/{ben}"), f"/desk/people/{ben}/setup-link")
    link = once(await send(admin, anew))
    assert "nothing new was made" in text_of(await send(admin, anew))
    assert (await client_of(web).get(link)).status_code == 200, "the one that was shown still works"


async def test_no_digest_of_a_password_is_kept_of_a_form(web: Company) -> None:
    ana = await joined(web.rooms.house)
    client = await come_in(web, ana)
    form = form_of(await client.get("/desk/you"), "/desk/you/recovery")
    await send(client, form, password=PASSWORD)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        kept = await tx.all("select key from idempotency_keys where key like %s", ("form_%",))
    told = {"key": form.fields["key"]}
    plain = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    assert [row["key"] for row in kept] == [f"{told['key']}.{plain}"]


async def test_a_bare_token_has_the_scopes_that_were_ticked_and_else_only_looks(
    web: Company,
) -> None:
    admin = await at_the_desk(web, ADMIN)
    form = form_of(await admin.get("/desk/people"), "/desk/people/tokens")
    form.fields = {name: value for name, value in form.fields.items() if ":" not in name}
    plain = await send(admin, form, name="Nightly", role="service")
    form.fields |= {"cases:write": "yes", "may": "some"}
    narrow = await send(admin, form, name="CRM", role="service")
    form.fields |= {"may": "all"}
    whole = await send(admin, form, name="Ann", role="agent")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        held = [await tokens.holder(tx, once(page)) for page in (plain, narrow, whole)]
    looks, writes, everything = (one.scopes if one else frozenset() for one in held)
    assert looks
    assert all(scope.endswith(":read") for scope in looks)
    assert writes == {"cases:write"}
    assert {"cases:read", "actions:write"} <= everything


async def test_a_zone_of_ones_own_is_the_time_that_the_desk_tells(web: Company) -> None:
    ana = await joined(web.rooms.house)
    client = await come_in(web, ana)
    profile = form_of(await client.get("/desk/you"), "/desk/you/profile")
    told = {"name": "Ana", "handle": "ana", "signature": ""}
    assert "no time zone" in text_of(await send(client, profile, **told, time_zone="Berlin"))
    here = text_of(await client.get("/desk/you"))
    there = text_of(await send(client, profile, **told, time_zone="Asia/Kathmandu"))
    since = re.compile(r"Since [^.]*?(\d+):(\d+)")
    minutes = [int(found[2]) for page in (here, there) if (found := since.search(page))]
    assert (minutes[1] - minutes[0]) % 60 == 45


async def test_a_viewer_may_change_their_own_and_nobody_elses(web: Company) -> None:
    ana, ben = await joined(web.rooms.house, role="viewer"), await joined(web.rooms.house, "Ben")
    client = await come_in(web, ana)
    page = await client.get("/desk/you")
    done = await send(
        client, form_of(page, "/desk/you/profile"), name="Ana", handle="ana", signature="A."
    )
    assert "Kept." in text_of(done)
    csrf = form_of(page, "/desk/you/profile").fields
    for path in (
        f"/desk/people/{ben.member.id}",
        f"/desk/people/{ben.member.id}/standing",
        f"/desk/people/{ben.member.id}/setup-link",
        "/desk/people",
    ):
        answer = await client.post(path, data=csrf | {"as": "disabled", "role": "admin", **BEN})
        assert answer.status_code == 403, path
    left = await send(client, form_of(await client.get("/desk/you"), "/desk/sign-out"))
    assert left.url.path == "/sign-in"


@pytest.mark.parametrize("role", ["agent", "lead"])
async def test_an_agent_or_a_lead_gives_nobody_another_role(web: Company, role: str) -> None:
    ana, ben = await joined(web.rooms.house, role=role), await joined(web.rooms.house, "Ben")
    client = await come_in(web, ana)
    csrf = form_of(await client.get("/desk/you"), "/desk/you/profile").fields
    path = f"/desk/people/{ben.member.id}"
    assert (await client.post(path, data=csrf | {"role": "admin"})).status_code == 403
    answer = await client.post(f"{path}/standing", data=csrf | {"as": "disabled"})
    assert answer.status_code == 403
    page = await client.get(path)
    assert (path in {form.action for form in forms_of(page)}) == (role == "lead")


async def test_an_admin_changes_lets_go_and_lets_in_again(web: Company) -> None:
    ana = await joined(web.rooms.house)
    anas, admin = await come_in(web, ana), await at_the_desk(web, ADMIN)
    path = f"/desk/people/{ana.member.id}"
    form = form_of(await admin.get(path), path)
    form.fields = {name: value for name, value in form.fields.items() if "team." not in name}
    filled = {"role": "lead", "capacity": "7", "team.finance": "yes"}
    page = await send(admin, form, **filled)
    assert "Kept." in text_of(page)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await people_of(tx, ana)
    assert found == ("lead", ("finance",), 7)
    standing = form_of(page, f"{path}/standing")
    page = await send(admin, standing, **{"as": "disabled"})
    assert "closed" in text_of(page)
    assert (await anas.get("/desk")).status_code == 401
    page = await send(admin, form_of(page, f"{path}/standing"), **{"as": "enabled"})
    link = once(await send(admin, form_of(page, f"{path}/setup-link")))
    assert (await client_of(web).get(link)).status_code == 200


async def people_of(tx: Tx, ana: Joined) -> tuple[str, tuple[str, ...], int | None]:
    found = await people.colleague(tx, ana.member.id)
    assert found
    return found.role, found.teams, found.capacity


async def test_who_came_in_with_a_token_sees_what_they_have(web: Company) -> None:
    token = await web.staff_token("agent")
    client = await at_the_desk(web, token)
    page = await client.get("/desk/you")
    assert "You came in with a token" in text_of(page)
    actions = {form.action for form in forms_of(page)}
    assert "/desk/you/password" not in actions
    fields = form_of(page, "/desk/you/profile").fields
    for path in ("password", "app", "recovery", "tokens"):
        assert (await client.post(f"/desk/you/{path}", data=fields)).status_code == 404
    admin = await at_the_desk(web, ADMIN)
    assert "Admin" in text_of(await admin.get("/desk/you"))


async def test_a_first_admin_is_made_without_a_password_of_ours(web: Company) -> None:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        link = await invitations.first(tx)
    client = client_of(web)
    page = await client.get(f"/join/{link}")
    assert "you become the admin" in text_of(page)
    code = totp.code_at(secret_in(page), system_now())
    told = {"password": PASSWORD, "again": PASSWORD, "code": code, **BEN}
    form = form_of(page, f"/join/{link}")
    assert (await send(client, form, **{**told, "name": ""})).status_code == 422
    done = await send(client, form, **told)
    assert len(codes_of(done)) == 10
    async with web.rooms.house.transaction(SYSTEM) as tx:
        (ben,) = await staff.listed(tx)
    assert (ben.role, ben.email) == ("admin", BEN["email"])
    assert (await client.get("/desk/people")).status_code == 200


async def test_a_link_that_is_none_says_what_to_do(web: Company) -> None:
    async with web.client() as client:
        for secret in ("join_nonsense", "x", "join_" + "y" * 900):
            page = await client.get(f"/join/{secret}")
            assert page.status_code == 401
            assert "Ask an admin for a new one" in text_of(page)


async def test_names_are_text_wherever_they_are_shown(web: Company) -> None:
    evil = '<script>alert("x")</script>'
    async with web.rooms.house.transaction(SYSTEM) as tx:
        member = await staff.add(tx, name=evil, email="<b>@x.example", role="agent")
    admin = await at_the_desk(web, ADMIN)
    for path in ("/desk/people", f"/desk/people/{member.id}"):
        page = (await admin.get(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


async def test_who_looks_after_a_customer_is_chosen_beside_everything_known(web: Company) -> None:
    ana, oak = await joined(web.rooms.house, role="csm"), await web.free_customer()
    client, path = await come_in(web, ana), f"/desk/customers/{oak.id}"
    form = form_of(await client.get(path), f"{path}/csm")
    await send(client, form, csm=ana.member.id)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await people.csm_of(tx, oak.id)
    assert found
    assert found.id == ana.member.id
    assert f'value="{ana.member.id}" selected' in (await client.get(path)).text
    await send(client, form, csm="")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        assert await people.csm_of(tx, oak.id) is None
