"""Macros over the API: listed, looked at first, used once."""

import pytest
from tests.web.company import Company

SOLUTION = {"cause": "A seat was full.", "fix": "Add one on the page Seats."}


async def opened(web: Company) -> str:
    customer = await web.free_customer()
    async with web.api() as api:
        body = {"customer": customer.id, "subject": "Seats", "text": "It says no."}
        return str((await api.post("/v1/cases", json=body)).json()["id"])


async def test_macros_say_what_they_change_and_what_they_ask(web: Company) -> None:
    async with web.api() as api:
        listed = (await api.get("/v1/macros")).json()
    assert listed["next_cursor"] is None
    known = {one["name"]: one for one in listed["data"]}
    assert known["solution"] == {
        "name": "solution",
        "title": "This is how it works",
        "replies": True,
        "notes": False,
        "to_me": False,
        "changes": {"status": "pending"},
        "asks": [
            {"name": "cause", "label": "What happened, in one sentence"},
            {"name": "fix", "label": "What they do now"},
        ],
    }


async def test_a_look_first_changes_nothing(web: Company) -> None:
    case = await opened(web)
    async with web.api() as api:
        path = f"/v1/cases/{case}/macros/solution"
        said = (await api.post(f"{path}/preview", json={"values": SOLUTION})).json()
        after = (await api.get(f"/v1/cases/{case}")).json()
    assert said["reply"].startswith("This is what happened: A seat was full.")
    assert said["note"] == ""
    assert (after["status"], len(after["messages"])) == ("new", 1)


async def test_a_macro_under_one_key_replies_once(web: Company) -> None:
    case = await opened(web)
    async with web.api() as api:
        for _ in range(2):
            path = f"/v1/cases/{case}/macros/solution"
            headers = {"idempotency-key": "one"}
            answer = await api.post(path, json={"values": SOLUTION}, headers=headers)
    after = answer.json()
    assert (after["status"], len(after["messages"])) == ("pending", 2)


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("solution", {}, 422),
        ("solution", {"values": SOLUTION | {"company": "Else"}}, 422),
        ("solution", {"values": SOLUTION, "also": 1}, 422),
        ("no_such_macro", {}, 404),
        ("Solution", {}, 422),
    ],
)
async def test_what_does_not_fit_is_told_and_nothing_is_said(
    web: Company, name: str, body: dict[str, object], status: int
) -> None:
    case = await opened(web)
    async with web.api() as api:
        answer = await api.post(f"/v1/cases/{case}/macros/{name}", json=body)
        after = (await api.get(f"/v1/cases/{case}")).json()
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(after["messages"]) == 1


async def test_macros_are_for_people_who_work_here(web: Company) -> None:
    case = await opened(web)
    customer = await web.free_customer("Somebody Else")
    async with web.api(web.token(customer.id)) as theirs:
        assert (await theirs.get("/v1/macros")).status_code == 404
        answer = await theirs.post(f"/v1/cases/{case}/macros/solution", json={"values": SOLUTION})
        assert answer.status_code == 404
    async with web.api(await web.staff_token("viewer")) as viewer:
        assert (await viewer.get("/v1/macros")).status_code == 200
        answer = await viewer.post(f"/v1/cases/{case}/macros/solution", json={"values": SOLUTION})
        assert answer.status_code == 403
