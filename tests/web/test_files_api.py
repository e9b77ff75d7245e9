"""Files over the API: sent with a message, shown with it, handed out to whom they belong."""

import base64
from typing import Any

import httpx
import pytest
from tests.diagnostics.stripe_json import customer
from tests.web.company import Company

from prunella.cases.attachments import MAX_FILE_BYTES
from prunella.web.limits import MAX_JSON_FILES_BYTES

PDF = b"%PDF-1.7 \0 bytes"


def told(data: bytes, name: str = "bill.pdf", kind: str = "application/pdf") -> dict[str, str]:
    return {"name": name, "type": kind, "data": base64.b64encode(data).decode()}


def question(*files: dict[str, str], text: str = "See the file.") -> dict[str, Any]:
    asked = {"customer": "cus_northbeck", "subject": "A bill", "text": text}
    return asked | {"attachments": list(files)}


@pytest.fixture
async def own(web: Company) -> httpx.AsyncClient:
    await web.knows(customer())
    return web.api(web.token("cus_northbeck"))


async def hanging(client: httpx.AsyncClient, case: str) -> list[list[dict[str, Any]]]:
    shown = (await client.get(f"/v1/cases/{case}")).json()
    return [one["attachments"] for one in shown["messages"]]


async def test_a_file_goes_in_with_the_question_and_out_as_it_was(
    web: Company, own: httpx.AsyncClient
) -> None:
    opened = (await own.post("/v1/cases", json=question(told(PDF)))).json()
    [[file]] = await hanging(own, opened["id"])
    assert (file["name"], file["type"], file["size"]) == ("bill.pdf", "application/pdf", len(PDF))
    assert file["url"] == f"/v1/attachments/{file['id']}"
    for reader in (own, web.api()):
        answer = await reader.get(file["url"])
        assert answer.content == PDF
        assert answer.headers["content-disposition"].startswith('attachment; filename="bill.pdf"')
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_staff_answer_with_files_and_keep_some_among_us(
    web: Company, own: httpx.AsyncClient
) -> None:
    case = (await own.post("/v1/cases", json=question())).json()["id"]
    path = f"/v1/cases/{case}/messages"
    async with web.api() as staff:
        said = await staff.post(path, json={"text": "Here.", "attachments": [told(PDF)]})
        [file] = said.json()["attachments"]
        note = {"text": "For us.", "note": True, "attachments": [told(b"us", "us.txt")]}
        [ours] = (await staff.post(path, json=note)).json()["attachments"]
        assert (await staff.get(ours["url"])).content == b"us"
    assert await hanging(own, case) == [[], [file]]
    assert (await own.get(file["url"])).content == PDF
    assert (await own.get(ours["url"])).status_code == 404


async def test_a_file_is_nobody_elses(web: Company, own: httpx.AsyncClient) -> None:
    case = (await own.post("/v1/cases", json=question(told(PDF)))).json()["id"]
    [[file]] = await hanging(own, case)
    other = await web.free_customer("Beck")
    assert (await web.api(web.token(other.id)).get(file["url"])).status_code == 404
    assert (await web.api("wrong").get(file["url"])).status_code == 401
    assert (await own.get("/v1/attachments/att_none")).status_code == 404


async def test_the_same_request_twice_keeps_its_files_once(own: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "one"}
    case = (await own.post("/v1/cases", json=question(told(PDF)), headers=key)).json()["id"]
    await own.post("/v1/cases", json=question(told(PDF)), headers=key)
    assert [len(files) for files in await hanging(own, case)] == [1]
    other = await own.post("/v1/cases", json=question(told(b"other")), headers=key)
    assert other.status_code == 409
    more = {"text": "One more.", "attachments": [told(PDF)]}
    first = await own.post(
        f"/v1/cases/{case}/messages", json=more, headers={"idempotency-key": "2"}
    )
    again = await own.post(
        f"/v1/cases/{case}/messages", json=more, headers={"idempotency-key": "2"}
    )
    assert first.json() == again.json()
    assert [len(files) for files in await hanging(own, case)] == [1, 1]


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        ([told(bytes(MAX_FILE_BYTES + 1))], 413, "larger than 10 MB"),
        ([told(bytes(8_750_000))] * 3, 413, "together larger than 25 MB"),
        ([told(b"x")] * 21, 422, "at most 20 items"),
        ([told(b"x") | {"data": "no base64!"}], 422, "attachments.0.data: has to be"),
        ([told(b"x") | {"data": None}], 422, "attachments.0.data"),
        ([{"name": "a", "data": ""}, {"data": ""}], 422, "attachments.1.name: is missing"),
        ([told(b"x") | {"name": ""}], 422, "attachments.0.name"),
    ],
)
async def test_what_cannot_be_kept_is_refused_in_words_and_nothing_is_opened(
    own: httpx.AsyncClient, files: list[dict[str, Any]], status: int, words: str
) -> None:
    answer = await own.post("/v1/cases", json=question(*files))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]
    assert (await own.get("/v1/cases")).json()["data"] == []


async def test_a_body_beyond_what_files_may_have_is_not_read(own: httpx.AsyncClient) -> None:
    large = {"content-length": str(MAX_JSON_FILES_BYTES + 1)}
    assert (await own.post("/v1/cases", content=b"{}", headers=large)).status_code == 413
    elsewhere = await own.patch("/v1/cases/case_x", content=bytes(1_000_001))
    assert elsewhere.status_code == 413


async def test_a_file_needs_a_word_to_hang_on(own: httpx.AsyncClient) -> None:
    answer = await own.post("/v1/cases", json=question(told(PDF), text="  "))
    assert (answer.status_code, answer.json()["title"]) == (422, "The text is empty")


async def test_base64_in_lines_is_read_as_well(own: httpx.AsyncClient) -> None:
    lines = base64.encodebytes(PDF * 20).decode()
    asked = question({"name": "a", "data": lines})
    case = (await own.post("/v1/cases", json=asked)).json()["id"]
    [[file]] = await hanging(own, case)
    assert (file["size"], file["type"]) == (len(PDF) * 20, "application/octet-stream")
