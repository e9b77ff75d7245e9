"""From an empty installation to its first admin, and what an operator types about people."""

import re
from pathlib import Path

import httpx
import pytest
from tests.operations.installation import Installation, installation
from tests.operations.terminal import prunella

from prunella import audit
from prunella.cli.staff import tell_first_link
from prunella.kit.actor import SYSTEM
from prunella.people import invitations, staff, tokens
from prunella.people.invitations import BadInvitationError


def link_in(text: str) -> str:
    found = re.search(r"http://\S+/join/(join_\S+)", text)
    assert found, text
    return found.group(1)


def typed(database_url: str, folder: Path, *words: str, fine: bool = True) -> str:
    done = prunella(*words, env={"PRUNELLA_DATABASE_URL": database_url}, folder=folder)
    assert (done.returncode == 0) == fine, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if fine else done.stderr


async def joining(installed: Installation, secret: str) -> httpx.Response:
    async with installed.client() as client:
        return await client.get(f"/join/{secret}")


async def test_an_empty_installation_says_once_how_to_become_its_admin(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with installation(database_url) as installed:
        await tell_first_link(installed.rooms)
        secret = link_in(capsys.readouterr().err)
        page = await joining(installed, secret)
        assert "you become the admin" in page.text
        await tell_first_link(installed.rooms)
        assert capsys.readouterr().err == ""


async def test_where_somebody_has_a_way_in_nothing_is_printed(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with installation(database_url, admin_token="of-the-environment-0123") as installed:
        await tell_first_link(installed.rooms)
    async with installation(database_url) as installed:
        await installed.staff_token()
        await tell_first_link(installed.rooms)
    assert capsys.readouterr().err == ""


async def test_an_operator_adds_members_finds_them_and_lets_them_go(
    database_url: str, tmp_path: Path
) -> None:
    who = ("Ben Okoro", "ben@tai.example")
    said = typed(database_url, tmp_path, "staff", "add", "--role", "admin", "--team", "legal", *who)
    async with installation(database_url) as installed:
        assert "Ben Okoro" in (await joining(installed, link_in(said))).text
        again = typed(database_url, tmp_path, "staff", "link", "BEN@tai.example")
        async with installed.rooms.house.transaction(SYSTEM) as tx:
            with pytest.raises(BadInvitationError):
                await invitations.read(tx, link_in(said))
            assert (await invitations.read(tx, link_in(again))).member
        listed = typed(database_url, tmp_path, "staff", "list")
        assert listed.split() == ["invited", "admin", "ben@tai.example", "Ben", "Okoro"]
        assert "Closed" in typed(database_url, tmp_path, "staff", "close", "ben@tai.example")
        async with installed.rooms.house.transaction(SYSTEM) as tx:
            (ben,) = await staff.listed(tx)
            [before] = await audit.newest(tx, limit=1)
        assert ben.state == "disabled"
        assert "Open again" in typed(database_url, tmp_path, "staff", "open", "ben@tai.example")
        async with installed.rooms.house.transaction(SYSTEM) as tx:
            (ben,) = await staff.listed(tx)
            [entry] = await audit.newest(tx, limit=1)
        assert ben.state == "invited"
        assert (before.verb, entry.verb) == ("staff.disabled", "staff.enabled")
        assert entry.actor_id == "operator"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("staff", "add", "--role", "king", "Ben", "ben@tai.example"),
            "a role there is. The roles are admin",
        ),
        (("staff", "add", "--role", "lead", "--team", "sales", "B", "b@x.example"), "no team"),
        (("staff", "link", "nobody@tai.example"), "Nobody of the staff"),
        (("token", "create", "--role", "agent", "--scope", "cases:eat", "Ben"), "no such scope"),
        (("token", "revoke", "tok_nobody"), "no token"),
    ],
)
def test_what_cannot_be_is_said_in_words(
    database_url: str, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    assert told in typed(database_url, tmp_path, *words, fine=False)


async def test_a_token_is_made_with_its_scopes_listed_and_ended(
    database_url: str, tmp_path: Path
) -> None:
    words = ("token", "create", "--role", "service", "--scope", "cases:read", "CRM")
    secret = typed(database_url, tmp_path, *words).strip()
    listed = typed(database_url, tmp_path, "token", "list")
    token = listed.split()[0]
    assert listed.split()[1:] == ["works", "service", "cases:read", "CRM"]
    async with installation(database_url) as installed:
        async with installed.rooms.house.transaction(SYSTEM) as tx:
            held = await tokens.holder(tx, secret)
        assert held
        assert held.scopes == {"cases:read"}
        typed(database_url, tmp_path, "token", "revoke", token)
        async with installed.rooms.house.transaction(SYSTEM) as tx:
            assert await tokens.holder(tx, secret) is None
