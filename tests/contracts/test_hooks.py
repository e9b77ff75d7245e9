"""What holds for telling another program, whether over HTTP or only to memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from prunella.connectors.hooks import BadAddressError, HttpPost, MemoryPost, Post, check_address

NOBODY = "http://127.0.0.1:9/nobody"


@dataclass
class Program:
    """A program on loopback, or its stand-in: what it was sent, and what it answers."""

    post: Post
    url: str
    taken: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    status: int = 204

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        lowered = {name.lower(): value for name, value in headers.items()}
        self.taken.append((await reader.readexactly(int(lowered["content-length"])), lowered))
        elsewhere = "location: http://127.0.0.1:9/else\r\n"
        writer.write(f"HTTP/1.1 {self.status} x\r\n{elsewhere}content-length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest_asyncio.fixture(params=["memory", "http"])
async def program(request: pytest.FixtureRequest) -> AsyncIterator[Program]:
    if request.param == "memory":
        memory = MemoryPost()
        memory.answers[NOBODY] = None
        here = Program(memory, "http://program.example/hooks")
        yield here
        return
    real = Program(HttpPost(private=True), "")
    server = await asyncio.start_server(real.answer, "127.0.0.1", 0)
    real.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hooks"
    async with server:
        yield real


def told(program: Program) -> list[tuple[bytes, dict[str, str]]]:
    post = program.post
    return (
        [(body, sent) for _, body, sent in post.taken]
        if isinstance(post, MemoryPost)
        else (program.taken)
    )


def answers(program: Program, status: int) -> None:
    program.status = status
    if isinstance(program.post, MemoryPost):
        program.post.answers[program.url] = status


async def test_it_arrives_as_it_was_written(program: Program) -> None:
    reply = await program.post.send(program.url, b'{"a":"\xc3\xa4"}', {"Webhook-Id": "whk_1"})
    assert (reply.status, reply.taken, reply.problem) == (204, True, "")
    ((body, headers),) = told(program)
    assert body == b'{"a":"\xc3\xa4"}'
    assert headers["webhook-id"] == "whk_1"


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
async def test_everything_but_a_yes_is_not_taken(program: Program, status: int) -> None:
    answers(program, status)
    reply = await program.post.send(program.url, b"{}", {})
    assert (reply.status, reply.taken, reply.gone) == (status, False, False)
    assert len(told(program)) == 1, "nobody is followed elsewhere"


async def test_who_is_gone_says_so(program: Program) -> None:
    answers(program, 410)
    assert (await program.post.send(program.url, b"{}", {})).gone


async def test_nobody_there_is_told_in_words(program: Program) -> None:
    reply = await program.post.send(NOBODY, b"{}", {})
    assert reply.status is None
    assert reply.problem


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hooks",
        "https://localhost/hooks",
        "https://[::1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.8]/",
        "https://[::7f00:1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[fec0::1]/",
        "https://0.0.0.0/",
    ],
)
async def test_nothing_goes_into_a_private_network(url: str) -> None:
    """Else whoever may add an address could make us knock on doors inside."""
    reply = await HttpPost().send(url, b"{}", {})
    assert reply.status is None
    assert "private network" in reply.problem


@pytest.mark.parametrize(
    "url",
    [
        "http://tools.example/",
        "ftp://tools.example/",
        "https://",
        "https://user:secret@tools.example/",
        "https://tools.example/#part",
        "https://tools.example:99999/",
        "https://tools.example/\n",
        "tools.example",
        "",
    ],
)
def test_an_address_that_cannot_be_told(url: str) -> None:
    with pytest.raises(BadAddressError):
        check_address(url, private=False)
