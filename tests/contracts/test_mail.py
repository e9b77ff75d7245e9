"""What holds for mail, whether it goes over SMTP or only to memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, Envelope, Session

from prunella.connectors.mail import (
    Mail,
    MailPermanentError,
    MailTransientError,
    MemoryMail,
    SmtpMail,
)


@dataclass
class Post:
    """A mail server on loopback, or its stand-in: what it took, and what it answers to whom."""

    mail: Mail
    taken: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        code = self.answers.get(address, 250)
        if code == 250:
            envelope.rcpt_tos.append(address)
        return f"{code} as told"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        content = cast("bytes", envelope.content)
        self.taken.append(message_from_bytes(content, policy=default))
        return "250 taken"


@pytest_asyncio.fixture(params=["memory", "smtp"])
async def post(request: pytest.FixtureRequest) -> AsyncIterator[Post]:
    if request.param == "memory":
        memory = MemoryMail()
        yield Post(memory, memory.taken, memory.answers)
        return
    real = Post(MemoryMail())
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(real, hostname="mx.tai.example", enable_SMTPUTF8=True), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    real.mail = SmtpMail(f"smtp://127.0.0.1:{port}")
    yield real
    server.close()
    await server.wait_closed()


def a_message(to: str = "pay@northbeck.example") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "TAI billing <billing@tai.example>"
    message["To"] = to
    message["Subject"] = "Your bank said no to 3.665,04 €"
    message["Message-ID"] = "<msg_1@tai.example>"
    message.set_content("Pay with another card.\n.\nA line after a lone dot.\n")
    message.add_alternative("<p>Pay with another card.</p>", subtype="html")
    return message


async def test_a_message_arrives_whole(post: Post) -> None:
    await post.mail.send(a_message())
    [taken] = post.taken
    assert taken["Message-ID"] == "<msg_1@tai.example>"
    assert taken["Subject"] == "Your bank said no to 3.665,04 €"
    plain, html = taken.get_body(("plain",)), taken.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines()[-1] == "A line after a lone dot."
    assert html.get_content().strip() == "<p>Pay with another card.</p>"


async def test_the_same_message_may_come_twice_and_says_so_by_its_id(post: Post) -> None:
    for _ in range(2):
        await post.mail.send(a_message())
    assert [taken["Message-ID"] for taken in post.taken] == ["<msg_1@tai.example>"] * 2


@pytest.mark.parametrize(("code", "error"), [(450, MailTransientError), (550, MailPermanentError)])
async def test_a_refusal_says_whether_trying_again_can_help(
    post: Post, code: int, error: type[Exception]
) -> None:
    post.answers["gone@northbeck.example"] = code
    with pytest.raises(error):
        await post.mail.send(a_message("gone@northbeck.example"))
    await post.mail.send(a_message())
    assert len(post.taken) == 1


async def test_a_greeting_says_that_the_server_is_there(post: Post) -> None:
    await post.mail.greet()
    assert post.taken == []


async def test_a_copy_goes_to_whoever_is_in_copy(post: Post) -> None:
    message = a_message()
    message["Cc"] = "Bo <bo@northbeck.example>, cy@northbeck.example"
    await post.mail.send(message)
    [taken] = post.taken
    assert taken["Cc"] == "Bo <bo@northbeck.example>, cy@northbeck.example"


async def test_long_references_arrive_as_they_are(post: Post) -> None:
    ids = [f"<msg_{n}.{'a' * 60}@a-very-long-name-of-a-company.example>" for n in range(20)]
    message = a_message()
    message["References"] = " ".join(ids)
    message["In-Reply-To"] = ids[-1]
    await post.mail.send(message)
    [taken] = post.taken
    assert str(taken["References"]).split() == ids
    assert taken["In-Reply-To"] == ids[-1]


async def test_a_file_arrives_byte_for_byte(post: Post) -> None:
    message = a_message()
    data = bytes(range(256)) * 40
    message.add_attachment(data, maintype="application", subtype="pdf", filename="März.pdf")
    await post.mail.send(message)
    [file] = post.taken[0].iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("März.pdf", data)


async def test_a_refused_copy_does_not_send_it_again_a_refused_addressee_does(post: Post) -> None:
    post.answers["gone@northbeck.example"] = 550
    copied = a_message()
    copied["Cc"] = "gone@northbeck.example"
    await post.mail.send(copied)
    gone = a_message("gone@northbeck.example")
    gone["Cc"] = "bo@northbeck.example"
    with pytest.raises(MailPermanentError):
        await post.mail.send(gone)
