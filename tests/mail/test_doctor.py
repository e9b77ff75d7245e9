"""What `doctor` says about mail."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.mail.mailserver import PASSWORD, Mailserver
from tests.ports import free_port

from prunella.cli.check_mail import of_mail, of_ways_in
from prunella.connectors.mail import LmtpServer
from prunella.settings import Content, Settings, load_content
from prunella.settings.shipped import shipped
from prunella.tiers.desk.mail import Channels, check


def states(settings: Settings) -> list[tuple[str, str]]:
    return [(one.state, one.words) for one in of_ways_in(settings)]


async def everything(settings: Settings) -> list[tuple[str, str]]:
    return [(one.state, one.words) async for one in of_mail(settings)]


async def test_a_mailbox_that_can_be_read_is_fine(mailserver: Mailserver) -> None:
    found = await everything(Settings.model_validate({"mail_imap_url": mailserver.url}))
    assert ("fine", "The mailbox can be read.") in found


@pytest.mark.parametrize(("right", "wrong"), [(PASSWORD, "guessed-it"), ("INBOX", "Nowhere")])
async def test_a_mailbox_that_cannot_be_read_is_told_without_its_password(
    mailserver: Mailserver, right: str, wrong: str
) -> None:
    url = mailserver.url.replace(right, wrong)
    found = await everything(Settings.model_validate({"mail_imap_url": url}))
    [words] = [words for state, words in found if state == "bad"]
    assert "guessed-it" not in words
    assert PASSWORD not in words


async def listening(at: str) -> list[tuple[str, str]]:
    found = await everything(Settings(mail_lmtp_listen=at, mail_authserv_id="mx.tai.example"))
    return found[1:]  # behind what is said about mail that goes out


async def test_who_listens_for_mail(mailserver: Mailserver) -> None:
    async def receive(*_: object) -> None: ...

    free = f"127.0.0.1:{free_port()}"
    assert await listening(free) == [
        ("look", f"Nothing listens for mail at {free} yet: the worker does once it runs.")
    ]
    async with LmtpServer(receive, "127.0.0.1:0") as server:
        assert [state for state, _ in await listening(f"127.0.0.1:{server.port}")] == ["fine"]
    [(state, words)] = await listening(f"127.0.0.1:{mailserver.port}")
    assert (state, "choose another port, or end that program" in words) == ("bad", True)
    assert "asks nobody" in (await listening(f"0.0.0.0:{free_port()}"))[0][1]
    [(state, words)] = await listening("no.such.machine.invalid:2003")
    assert (state, "is no address of this machine" in words) == ("bad", True)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imap://u:guessed-it@127.0.0.1:{free}", "nothing answers at 127.0.0.1:{free}. Correct"),
        ("imaps://u:guessed-it@nowhere.invalid/INBOX", "no machine is called nowhere.invalid."),
        ("imaps://u:guessed-it@127.0.0.1:{imap}", "127.0.0.1:{imap} does not speak TLS like this"),
        ("imap://u:guessed-it@127.0.0.1:{imap}", "the name or the password is refused. Correct"),
    ],
)
async def test_a_mailbox_that_cannot_be_read_says_what_to_correct(
    mailserver: Mailserver, url: str, words: str
) -> None:
    ports = {"free": free_port(), "imap": mailserver.port}
    found = await everything(Settings.model_validate({"mail_imap_url": url.format(**ports)}))
    [told] = [words for state, words in found if state == "bad"]
    assert told.startswith("The mailbox of PRUNELLA_MAIL_IMAP_URL: " + words.format(**ports))
    assert "guessed-it" not in told


def test_without_our_servers_name_nobody_is_verified() -> None:
    assert "no sender is ever verified" in states(Settings(mail_lmtp_listen="127.0.0.1:2003"))[0][1]


def test_letters_of_nobody_are_named() -> None:
    smtp = {"mail_smtp_url": "smtp://127.0.0.1:25"}
    [(state, words), *_] = states(Settings.model_validate(smtp))
    assert (state, words.split(" is ")[0]) == ("bad", "PRUNELLA_MAIL_FROM")
    ours = smtp | {"mail_from": "Northbeck billing <billing@northbeck.example>"}
    assert not any("MAIL_FROM" in words for _, words in states(Settings.model_validate(ours)))


def test_no_way_in_is_named() -> None:
    assert "cannot write to you by mail" in states(Settings())[0][1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"mail_lmtp_listen": "2003"},
        {"mail_lmtp_listen": "host:99999"},
        {"mail_authserv_id": "mx tai"},
        {"mail_imap_url": "imaps://host"},
        {"mail_imap_url": "http://u:p@host"},
        {"mail_imap_url": "imap://u:p@host:x"},
        {"mail_imap_url": "imaps://u:p@host:99999/INBOX"},
        {"mail_imap_url": "u:p@host/INBOX"},
        {"mail_smtp_url": "mail.tai.example:25"},
        {"mail_smtp_url": "smtp://u:p@host:99999"},
        {"mail_smtp_url": "http://host"},
        {"mail_smtp_url": "smtp://host:0"},
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)


def content(text: str, folder: Path) -> Content:
    (folder / "channels.toml").write_text(text)
    return load_content(folder)


def test_the_addresses_that_are_shipped_can_be_used() -> None:
    assert list(check(load_content(shipped("content")))) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[address]]\naddress = "billing"\nteam = "support"', "has to be a mail address"),
        ('[[address]]\naddress = "a+b@t.example"\nteam = "support"', "without a plus sign"),
        ('[[address]]\naddress = "a@t.example"\nteam = "sales"', "team has to be one of"),
        (
            '[[address]]\naddress = "a@t.example"\nteam = "legal"\nnome = "x"',
            "nome means nothing",
        ),
        ('[[address]]\naddress = "a@t.example"\nteam = "support"\nname = "a\\nb"', "one line"),
        (2 * '[[address]]\naddress = "a@t.example"\nteam = "support"\n', "stands there twice"),
        ("[address]\n", "write [[address]] entries"),
        ("", "no [[address]]. Write one, or take the file away"),
        ("keep_originals = 3", "channels.toml:1: keep_originals means nothing here"),
        ("\nkeep_original_days = 0", "channels.toml:2: keep_original_days must be a whole number"),
    ],
)
def test_a_wrong_line_of_the_addresses_is_named(tmp_path: Path, text: str, words: str) -> None:
    found = list(check(content(text, tmp_path)))
    assert any(words in one and "channels.toml" in one for one in found), found


def test_without_the_file_there_are_no_team_addresses(tmp_path: Path) -> None:
    channels = Channels.read(load_content(tmp_path))
    assert (channels.addresses, channels.keep.days) == ((), 90)
