"""What staff do to cases through the API, and what of it a customer's own program sees."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.diagnostics.stripe_json import customer
from tests.web.company import Company

from prunella import people
from prunella.kit.actor import SYSTEM


@dataclass
class Desk:
    """Somebody at the desk, and the customer's own program."""

    web: Company
    staff: httpx.AsyncClient
    own: httpx.AsyncClient

    async def asks(self, subject: str, text: str = "Why?") -> dict[str, Any]:
        body = {"customer": "cus_northbeck", "subject": subject, "text": text}
        return self._read(await self.own.post("/v1/cases", json=body))

    async def does(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        return self._read(await self.staff.request(method, f"/v1/cases{path}", json=body))

    async def sees(self, path: str = "") -> dict[str, Any]:
        return self._read(await self.staff.get(f"/v1/cases{path}"))

    async def refused(self, method: str, path: str, **body: Any) -> tuple[int, str]:
        answer = await self.staff.request(method, f"/v1/cases{path}", json=body)
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["title"]

    @staticmethod
    def _read(answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
async def desk(web: Company) -> AsyncIterator[Desk]:
    await web.knows(customer())
    async with web.api() as staff, web.api(web.token("cus_northbeck")) as own:
        yield Desk(web, staff, own)


async def test_a_day_of_one_case(desk: Desk) -> None:
    case = await desk.asks("VAT")
    path = f"/{case['id']}"
    taken = await desk.does(
        "PATCH", path, assignee="me", severity="high", add_tags=["VAT", "needs care"], kind="task"
    )
    assert (taken["assignee"], taken["status"], taken["kind"]) == ("admin", "open", "task")
    assert taken["tags"] == ["needs-care", "vat"]
    assert taken["priority"] > 0
    mine = await desk.sees("?assignee=me&tag=vat&severity=high")
    assert [one["id"] for one in mine["data"]] == [case["id"]]
    assert (await desk.sees("?assignee=none"))["data"] == []
    friday = (desk.web.clock.now() + timedelta(days=3)).isoformat()
    away = await desk.does("PATCH", path, snoozed_until=friday, assignee=None)
    assert away["assignee"] is None
    assert (await desk.sees("?snoozed=true"))["data"][0]["id"] == case["id"]
    back = await desk.does("PATCH", path, snoozed_until=None)
    assert back["snoozed_until"] is None
    up = await desk.does(
        "POST", f"{path}/escalation", to="engineering", because="needs_a_developer"
    )
    assert (up["level"], up["team"]) == ("engineering", "engineering")
    said = await desk.does(
        "POST", f"{path}/messages", text="On page two.", status="solved", cc=["b@x.example"]
    )
    assert said["cc"] == ["b@x.example"]
    assert (await desk.sees(path))["status"] == "solved"
    whats = [one["what"] for one in (await desk.sees(f"{path}/history"))["data"]]
    assert whats[0] == "case.opened"
    assert {"case.assigned", "case.tagged", "case.snoozed", "case.woken", "case.escalated"} <= set(
        whats
    )


FILE = {"name": "bill.txt", "type": "text/plain", "data": "YmlsbA=="}


@pytest.mark.parametrize("on_behalf", [False, True])
@pytest.mark.parametrize("files", [[], [FILE]])
async def test_what_is_told_of_a_new_case_is_what_is_read_of_it_later(
    desk: Desk, *, on_behalf: bool, files: list[dict[str, str]]
) -> None:
    body = {"customer": "cus_northbeck", "subject": "VAT", "text": "Why?", "attachments": files}
    told = desk._read(await desk.staff.post("/v1/cases", json=body | {"on_behalf": on_behalf}))
    assert told == await desk.sees(f"/{told['id']}")
    own = desk._read(await desk.own.post("/v1/cases", json=body | {"subject": "Seats"}))
    assert own == desk._read(await desk.own.get(f"/v1/cases/{own['id']}"))


@pytest.mark.parametrize("on_behalf", [False, True])
async def test_what_a_colleague_opens_a_case_with_is_said_by_the_customer_on_their_behalf_alone(
    desk: Desk, *, on_behalf: bool
) -> None:
    body = {"customer": "cus_northbeck", "subject": "VAT", "text": "Why?", "on_behalf": on_behalf}
    opened = desk._read(await desk.staff.post("/v1/cases", json=body))
    assert [one["direction"] for one in opened["messages"]] == ["in" if on_behalf else "note"]
    theirs = desk._read(await desk.own.get(f"/v1/cases/{opened['id']}"))
    assert theirs["text"] == "Why?"
    assert [one["text"] for one in theirs["messages"]] == (["Why?"] if on_behalf else [])


async def test_a_key_that_comes_again_shows_the_case_that_it_opened(desk: Desk) -> None:
    body = {"customer": "cus_northbeck", "subject": "VAT", "text": "Why?"}
    key = {"idempotency-key": "one"}
    first = desk._read(await desk.staff.post("/v1/cases", json=body, headers=key))
    again = desk._read(await desk.staff.post("/v1/cases", json=body, headers=key))
    assert again == first
    assert len(first["messages"]) == 1


async def test_whoever_asks_twice_without_a_key_has_asked_two_things(desk: Desk) -> None:
    body = {"customer": "cus_northbeck", "subject": "VAT", "text": "Why?"}
    one = desk._read(await desk.staff.post("/v1/cases", json=body | {"severity": "low"}))
    other = desk._read(await desk.staff.post("/v1/cases", json=body | {"severity": "critical"}))
    assert (one["severity"], other["severity"]) == ("low", "critical")
    theirs = [await desk.asks("VAT") for _ in range(2)]
    assert len({one["id"], other["id"], *(case["id"] for case in theirs)}) == 4


async def test_a_customers_program_sees_nothing_of_our_own_affairs(desk: Desk) -> None:
    case = await desk.asks("VAT")
    path = f"/v1/cases/{case['id']}"
    await desk.does("PATCH", f"/{case['id']}", add_tags=["difficult"], assignee="me")
    await desk.does("POST", f"/{case['id']}/messages", text="Difficult.", note=True)
    seen = (await desk.own.get(path)).json()
    ours = {"assignee", "team", "tags", "priority", "spam", "snoozed_until", "root_cause"}
    assert not (ours | {"context", "links", "csm"}) & set(seen)
    assert "difficult" not in str(seen).lower()
    for method, sub, body in (
        ("PATCH", "", {"status": "solved"}),
        ("GET", "/history", None),
        ("POST", "/merge", {"into": case["id"]}),
        ("POST", "/split", {"messages": ["msg_1"], "subject": "x"}),
        ("POST", "/links", {"case": case["id"]}),
        ("POST", "/escalation", {"to": "legal", "because": "x"}),
        ("POST", "/customer", {"customer": "cus_northbeck"}),
    ):
        answer = await desk.own.request(method, path + sub, json=body)
        assert answer.status_code == 404, (method, sub)
    many = {"cases": [case["id"]], "change": {"status": "solved"}}
    assert (await desk.own.post("/v1/cases/bulk", json=many)).status_code == 404
    tagged = {"customer": "cus_northbeck", "subject": "x", "text": "x", "tags": ["vip"]}
    assert (await desk.own.post("/v1/cases", json=tagged)).status_code == 403


async def test_who_may_only_look_changes_nothing(desk: Desk) -> None:
    case = await desk.asks("VAT")
    path = f"/v1/cases/{case['id']}"
    async with desk.web.api(await desk.web.staff_token("viewer")) as viewer:
        assert (await viewer.get(f"{path}/history")).status_code == 200
        assert (await viewer.patch(path, json={"spam": True})).status_code == 403
        merge = await viewer.post(f"{path}/merge", json={"into": case["id"]})
        assert merge.status_code == 403
        many = {"cases": [case["id"]], "change": {"status": "solved"}}
        assert (await viewer.post("/v1/cases/bulk", json=many)).status_code == 403


async def test_two_cases_become_one_and_the_customer_follows(desk: Desk) -> None:
    first, second = await desk.asks("VAT", "Where?"), await desk.asks("VAT again", "Still where?")
    merged = await desk.does("POST", f"/{second['id']}/merge", into=first["id"])
    assert merged["id"] == first["id"]
    assert [one["text"] for one in merged["messages"]] == ["Where?", "Still where?"]
    gone = (await desk.own.get(f"/v1/cases/{second['id']}")).json()
    assert (gone["status"], gone["merged_into"]) == ("closed", first["id"])
    said = await desk.own.post(f"/v1/cases/{second['id']}/messages", json={"text": "Hello?"})
    assert said.json()["case"] == first["id"]
    assert await desk.refused("POST", f"/{first['id']}/merge", into=first["id"]) == (
        422,
        "This is the same case",
    )


async def test_what_is_another_matter_becomes_another_case(desk: Desk) -> None:
    case = await desk.asks("VAT", "Where is it?")
    path = f"/{case['id']}"
    await desk.own.post(f"/v1/cases{path}/messages", json={"text": "And cancel my plan."})
    other = (await desk.sees(path))["messages"][1]["id"]
    sent = {"messages": [other], "subject": "Cancel"}
    key = {"idempotency-key": "one"}
    part = await desk.staff.post(f"/v1/cases{path}/split", json=sent, headers=key)
    again = await desk.staff.post(f"/v1/cases{path}/split", json=sent, headers=key)
    assert part.status_code == 201
    assert part.json()["id"] == again.json()["id"]
    assert [one["text"] for one in part.json()["messages"]] == ["And cancel my plan."]
    [link] = part.json()["links"]
    assert (link["case"], link["kind"], link["outward"]) == (case["id"], "split_from", True)
    left = await desk.sees(path)
    assert [one["text"] for one in left["messages"]] == ["Where is it?"]
    refused = await desk.refused(
        "POST", f"{path}/split", messages=[left["messages"][0]["id"]], subject="x"
    )
    assert refused == (422, "Nothing to split")


async def test_cases_are_linked_and_parted_again(desk: Desk) -> None:
    one, two = await desk.asks("Outage"), await desk.asks("No rows")
    links = await desk.does("POST", f"/{two['id']}/links", case=one["id"], kind="caused_by")
    assert links["data"][0]["kind"] == "caused_by"
    [seen] = (await desk.sees(f"/{one['id']}"))["links"]
    assert (seen["case"], seen["outward"]) == (two["id"], False)
    parted = await desk.staff.delete(
        f"/v1/cases/{one['id']}/links/{two['id']}", params={"kind": "caused_by"}
    )
    assert parted.json()["data"] == []


async def test_many_change_alike_and_one_that_cannot_is_told(desk: Desk) -> None:
    made = [(await desk.asks(f"Question {n}"))["id"] for n in range(3)]
    await desk.does("PATCH", f"/{made[0]}", status="closed")
    told = await desk.does(
        "POST", "/bulk", cases=[*made, "case_nowhere"], change={"team": "finance", "spam": True}
    )
    assert sorted(told["done"]) == sorted(made[1:])
    assert list(told["refused"]) == made[:1]
    assert "closed" in told["refused"][made[0]]
    assert (await desk.sees("?team=finance"))["data"] == []
    assert len((await desk.sees("?team=finance&spam=true"))["data"]) == 2


async def test_a_third_closing_asks_what_is_behind_it(desk: Desk) -> None:
    case = await desk.asks("VAT")
    path = f"/{case['id']}"
    for _ in range(2):
        await desk.does("PATCH", path, status="solved")
        await desk.own.post(f"/v1/cases{path}/messages", json={"text": "No."})
    assert await desk.refused("PATCH", path, status="solved") == (409, "The root cause is missing")
    found = await desk.does("PATCH", path, status="solved", root_cause="The template lacks VAT.")
    assert found["root_cause"] == "The template lacks VAT."


async def test_a_guests_case_is_given_to_the_customer_who_it_was(desk: Desk) -> None:
    async with desk.web.rooms.house.transaction(SYSTEM) as tx:
        guest = await people.guest(tx, email="ana@northbeck.example")
    case = await desk.does(
        "POST", "", customer=guest.id, subject="VAT", text="From my own address.", on_behalf=True
    )
    path = f"/{case['id']}"
    assert (await desk.own.get(f"/v1/cases{path}")).status_code == 404
    assert case["messages"][0]["direction"] == "in"
    given = await desk.does("POST", f"{path}/customer", customer="cus_northbeck")
    assert given["customer"] == "cus_northbeck"
    seen = (await desk.own.get(f"/v1/cases{path}")).json()
    assert [one["text"] for one in seen["messages"]] == ["From my own address."]
    other = await desk.web.free_customer()
    refused = await desk.refused("POST", f"{path}/customer", customer=other.id)
    assert refused == (409, "This case belongs to a customer")


async def test_what_does_not_fit_is_told_in_words(desk: Desk) -> None:
    case = await desk.asks("VAT")
    path = f"/{case['id']}"
    for body in (
        {"assignee": "stf_nobody"},
        {"add_tags": ["!"]},
        {"add_tags": ["vat\0"]},
        {"status": "solved", "root_cause": "\0"},
        {"snoozed_until": "2020-01-01T00:00:00Z"},
        {"snoozed_until": "tomorrow"},
        {"team": "marketing"},
        {"colour": "red"},
    ):
        status, _ = await desk.refused("PATCH", path, **body)
        assert status == 422, body
    status, _ = await desk.refused("POST", f"{path}/messages", text="x", cc=["nobody"])
    assert status == 422
    assert (await desk.sees(path))["status"] == "new"


async def test_what_is_no_case_is_not_there(desk: Desk) -> None:
    for name in ("case_nowhere", "case_%C3%A9", "msg_1", "'"):
        assert (await desk.staff.get(f"/v1/cases/{name}")).status_code == 404
        assert (await desk.staff.get(f"/v1/cases/{name}/history")).status_code == 404
    for query in ("tag=:spam", "due_before=yesterday", "limit=0", "cursor=x"):
        assert (await desk.staff.get(f"/v1/cases?{query}")).status_code == 422
    for query in ("q=vat", "cursor=n1", "due_before=2026-11-20T09:00:00Z"):
        assert (await desk.staff.get(f"/v1/cases?{query}")).status_code == 200
