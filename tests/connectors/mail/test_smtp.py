"""The real mail client alone: where it goes, and what it makes of trouble."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from prunella.connectors.mail import (
    MailPermanentError,
    MailSettingError,
    MailTransientError,
    SmtpMail,
    domain_of,
    is_address,
)
from prunella.connectors.mail.smtp_url import parse

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def a_message(to: str = "pay@northbeck.example") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "billing@tai.example"
    message["To"] = to
    message.set_content("Hello.")
    return message


@asynccontextmanager
async def server(talk: Talk) -> AsyncIterator[int]:
    async with await asyncio.start_server(talk, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


def saying(*lines: str) -> Talk:
    """A server that answers each command with the next of these lines."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in lines:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()
            if not await reader.readline():
                break
        writer.close()

    return talk


def test_the_url_says_where_and_how() -> None:
    mine = parse("smtps://me%40tai.example:p%3Ass@mx.tai.example")
    assert (mine.host, mine.port, mine.tls) == ("mx.tai.example", 465, True)
    assert (mine.user, mine.password) == ("me@tai.example", "p:ss")
    assert "p:ss" not in repr(mine)
    assert parse("smtp://mx.tai.example").port == 25
    assert parse("smtp://mx.tai.example:2525").port == 2525


def test_a_password_never_travels_in_the_clear() -> None:
    assert parse("smtp://me:secret@mx.tai.example").start_tls is True
    assert parse("smtp+starttls://mx.tai.example").start_tls is True
    assert parse("smtp://me:secret@127.0.0.1").start_tls is None
    assert parse("smtp://mx.tai.example").start_tls is None


@pytest.mark.parametrize(
    "url", ["", "mx.tai.example", "http://mx.tai.example", "smtp://:25", "smtp://h:x"]
)
def test_a_url_that_is_none_says_what_it_should_look_like(url: str) -> None:
    with pytest.raises(MailSettingError):
        SmtpMail(url)


async def test_a_server_that_is_away_is_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(MailTransientError):
        await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_message())


async def test_a_server_that_says_nothing_is_tried_again() -> None:
    done = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with server(silent) as port:
        mail = SmtpMail(f"smtp://127.0.0.1:{port}", timeout_s=0.2)
        with pytest.raises(MailTransientError):
            await mail.send(a_message())
        done.set()


async def test_a_server_that_talks_nonsense_is_tried_again() -> None:
    async with server(saying("HTTP/1.1 400 what?", "nonsense")) as port:
        with pytest.raises(MailTransientError):
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_message())


async def test_an_answer_lost_after_the_message_is_tried_again() -> None:
    lines = ("220 hi", "250 hi", "250 sender", "250 recipient", "354 go")
    async with server(saying(*lines)) as port:
        with pytest.raises(MailTransientError):
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_message())


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (("220 hi", "250 hi", "250 ok", "550 nobody"), MailPermanentError),
        (("220 hi", "250 hi", "250 ok", "451 later"), MailTransientError),
        (("220 hi", "250 hi", "550 not you"), MailTransientError),
        (("220 hi", "250 hi", "250 ok", "250 ok", "554 too big"), MailPermanentError),
        (("554 busy",), MailTransientError),
    ],
)
async def test_what_is_wrong_with_us_is_mended_what_is_wrong_with_it_is_final(
    lines: tuple[str, ...], error: type[Exception]
) -> None:
    async with server(saying(*lines)) as port:
        with pytest.raises(error):
            await SmtpMail(f"smtp://127.0.0.1:{port}").send(a_message())


async def test_it_signs_in_with_the_user_of_the_url() -> None:
    seen: list[tuple[bytes, bytes]] = []

    def authenticate(*args: object) -> AuthResult:
        data = args[-1]
        assert isinstance(data, LoginPassword)
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(
            None,
            hostname="mx.tai.example",
            authenticator=authenticate,
            auth_require_tls=False,
        ),
        "127.0.0.1",
        0,
    )
    port = listening.sockets[0].getsockname()[1]
    await SmtpMail(f"smtp://me:right@127.0.0.1:{port}").greet()
    with pytest.raises(MailTransientError):
        await SmtpMail(f"smtp://me:wrong@127.0.0.1:{port}").greet()
    assert (b"me", b"right") in seen
    listening.close()
    await listening.wait_closed()


@pytest.mark.parametrize("good", ["pay@northbeck.example", "a.b+c@x.y.example"])
def test_an_address_that_can_be_written_to(good: str) -> None:
    assert is_address(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "nobody",
        "a@b@c.example",
        "a@b.example, c@d.example",
        "A <a@b.example>",
        "a@b.example\nBcc: c@d.example",
        "a b@c.example",
        "@b.example",
        "a@",
        "a@.example",
        "a..b@c.example",
        "ü@bücher.example",
        "x" * 250 + "@b.example",
    ],
)
def test_an_address_that_cannot(bad: str) -> None:
    assert not is_address(bad)


def test_the_senders_domain() -> None:
    assert domain_of("TAI billing <billing@tai.example>") == "tai.example"
    assert domain_of("billing@tai.example") == "tai.example"
