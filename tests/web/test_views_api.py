"""Saved views through the API."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.diagnostics.stripe_json import customer
from tests.web.company import Company

VIEW = {"name": "Mine, soon", "filter": {"assignee": "me", "due_within_s": 3600}}


@pytest.fixture
async def lead(web: Company) -> AsyncIterator[httpx.AsyncClient]:
    await web.knows(customer())
    async with web.api() as client:
        yield client


async def test_a_view_is_saved_read_changed_and_removed(lead: httpx.AsyncClient) -> None:
    made = await lead.post("/v1/views", json=VIEW, headers={"Idempotency-Key": "1"})
    again = await lead.post("/v1/views", json=VIEW, headers={"Idempotency-Key": "1"})
    assert (made.status_code, again.json()) == (201, made.json())
    view = made.json()
    assert view["filter"]["due_within_s"] == 3600
    assert view["filter"]["status"] == ["new", "open", "pending", "on_hold"]
    path = f"/v1/views/{view['id']}"
    assert (await lead.get(path)).json() == view
    renamed = (await lead.patch(path, json={"name": "Mine", "shared": True})).json()
    assert renamed == view | {"name": "Mine", "shared": True}
    wider = (await lead.patch(path, json={"filter": {"severity": "high"}})).json()
    assert (wider["filter"]["severity"], wider["filter"]["due_within_s"]) == ("high", None)
    assert (await lead.delete(path)).status_code == 204
    assert (await lead.get(path)).status_code == 404


async def test_a_view_lists_its_cases_and_counts_them(lead: httpx.AsyncClient) -> None:
    for subject, severity in (("VAT", "high"), ("Card", "low"), ("Bill", "high")):
        body = {"customer": "cus_northbeck", "subject": subject, "text": "?", "severity": severity}
        assert (await lead.post("/v1/cases", json=body)).is_success
    high = {"name": "High", "filter": {"severity": "high", "order": "newest"}}
    view = (await lead.post("/v1/views", json=high)).json()
    listed = (await lead.get("/v1/views", params={"counts": True})).json()["data"]
    assert [(one["name"], one["count"], one["more"]) for one in listed] == [("High", 2, False)]
    path = f"/v1/views/{view['id']}/cases"
    page = (await lead.get(path, params={"limit": 1})).json()
    rest = (await lead.get(path, params={"cursor": page["next_cursor"]})).json()
    assert (await lead.get(path, params={"cursor": "zz"})).status_code == 422
    subjects = [one["subject"] for one in page["data"] + rest["data"]]
    assert (subjects, rest["next_cursor"]) == (["Bill", "VAT"], None)


async def test_a_colleague_sees_what_is_shared_and_no_customer_sees_any(
    web: Company, lead: httpx.AsyncClient
) -> None:
    own = (await lead.post("/v1/views", json=VIEW)).json()
    shared = (await lead.post("/v1/views", json=VIEW | {"name": "All", "shared": True})).json()
    async with web.api(await web.staff_token("agent")) as agent:
        assert (await agent.get(f"/v1/views/{own['id']}")).status_code == 404
        seen = (await agent.get(f"/v1/views/{shared['id']}")).json()
        assert (seen["own"], seen["shared"]) == (False, True)
        refused = await agent.delete(f"/v1/views/{shared['id']}")
        assert (refused.status_code, refused.json()["title"]) == (403, "This is not your view")
    async with web.api(web.token("cus_northbeck")) as theirs:
        for method, path in (("GET", ""), ("POST", ""), ("GET", f"/{shared['id']}")):
            answer = await theirs.request(method, f"/v1/views{path}", json=VIEW)
            assert answer.status_code == 404


async def test_a_viewer_keeps_views_and_shares_none(web: Company) -> None:
    async with web.api(await web.staff_token("viewer")) as viewer:
        kept = await viewer.post("/v1/views", json=VIEW)
        assert kept.status_code == 201
        path = f"/v1/views/{kept.json()['id']}"
        assert (await viewer.patch(path, json={"name": "Soon"})).json()["name"] == "Soon"
        for refused in (
            await viewer.patch(path, json={"shared": True}),
            await viewer.post("/v1/views", json=VIEW | {"name": "All", "shared": True}),
        ):
            assert (refused.status_code, "for yourself" in refused.text) == (403, True)
        assert (await viewer.delete(path)).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "\x01"},
        {"name": "x" * 61},
        {"name": "A", "filter": {"status": ["gone"]}},
        {"name": "A", "filter": {"customer": "cus_nobody"}},
        {"name": "A", "filter": {"due_within_s": -1}},
        {"name": "A", "filter": {"whatever": 1}},
    ],
)
async def test_what_is_no_view_is_refused(lead: httpx.AsyncClient, body: object) -> None:
    assert (await lead.post("/v1/views", json=body)).status_code == 422
