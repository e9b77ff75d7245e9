"""Webhook endpoints, over the API and at the desk: an admin's, and nobody else's."""

import pytest
from tests.web.browsing import Form, at_the_desk, form_of, forms_of, send, text_of
from tests.web.company import ADMIN, Company

from prunella.kit.actor import SYSTEM

PATH = "/v1/webhook-endpoints"
URL = "https://tools.example/prunella"


async def test_an_endpoint_is_added_changed_and_its_secret_shown_once(web: Company) -> None:
    async with web.api() as api:
        made = (await api.post(PATH, json={"url": URL, "events": ["case.opened"]})).json()
        assert made["secret"].startswith("whsec_")
        shown = (await api.get(f"{PATH}/{made['id']}")).json()
        assert "secret" not in shown
        assert shown["events"] == ["case.opened"]
        off = (await api.patch(f"{PATH}/{made['id']}", json={"on": False})).json()
        assert off["state"] == "off"
        again = (await api.post(f"{PATH}/{made['id']}/secret")).json()
        assert again["secret"] not in {"", made["secret"]}


async def test_the_same_key_adds_one(web: Company) -> None:
    async with web.api() as api:
        headers = {"idempotency-key": "one"}
        first = await api.post(PATH, json={"url": URL}, headers=headers)
        second = await api.post(PATH, json={"url": URL}, headers=headers)
    assert first.json()["id"] == second.json()["id"]
    assert second.json()["secret"] is None, "it was shown, and is not kept to be shown"


@pytest.mark.parametrize("url", ["http://tools.example/", "https://", "file:///etc/passwd"])
async def test_an_address_that_cannot_be_told_says_what_can(web: Company, url: str) -> None:
    async with web.api() as api:
        answer = await api.post(PATH, json={"url": url})
    assert answer.status_code == 422
    assert "https://tools.example" in answer.json()["detail"]


@pytest.mark.parametrize("role", ["lead", "agent", "viewer", "service", "finance", "csm"])
async def test_it_is_for_admins(web: Company, role: str) -> None:
    async with web.api() as admin:
        made = (await admin.post(PATH, json={"url": URL})).json()["id"]
    async with web.api(await web.staff_token(role)) as api:
        for answer in (await api.get(PATH), await api.get(f"{PATH}/{made}")):
            assert answer.status_code == 403


async def test_at_the_desk_by_form(web: Company) -> None:
    client = await at_the_desk(web, ADMIN)
    page = await send(client, form_of(await client.get("/desk/hooks"), "/desk/hooks"), url=URL)
    assert "whsec_" in text_of(page)
    assert "Nothing yet" in text_of(page)
    listed = await client.get("/desk/hooks")
    assert URL in text_of(listed)
    assert "whsec_" not in listed.text


async def test_a_wrong_address_stays_in_its_field(web: Company) -> None:
    client = await at_the_desk(web, ADMIN)
    form: Form = form_of(await client.get("/desk/hooks"), "/desk/hooks")
    page = await send(client, form, url="http://tools.example/")
    assert page.status_code == 409
    assert "https://tools.example/prunella" in text_of(page)
    assert 'value="http://tools.example/"' in page.text


async def test_a_test_is_sent_once_a_key_and_stands_in_the_log(web: Company) -> None:
    async with web.api() as api:
        made = f"{PATH}/{(await api.post(PATH, json={'url': URL})).json()['id']}"
        headers = {"idempotency-key": "one"}
        first = await api.post(f"{made}/test", headers=headers)
        again = await api.post(f"{made}/test", headers=headers)
        assert (first.status_code, first.json()["event"]) == (202, "hook.test")
        assert again.json()["id"] == first.json()["id"]
        assert len((await api.get(f"{made}/deliveries")).json()["data"]) == 1
        after = {"cursor": first.json()["id"]}
        assert (await api.get(f"{made}/deliveries", params=after)).json()["data"] == []
        odd = await api.get(f"{made}/deliveries", params={"cursor": "zz"})
        assert odd.status_code == 422
        await api.patch(made, json={"on": False})
        refused = await api.post(f"{made}/test")
        assert refused.status_code == 409
        assert "Switch it on first" in refused.json()["detail"]


async def test_what_is_removed_is_not_found_again(web: Company) -> None:
    async with web.api() as api:
        made = f"{PATH}/{(await api.post(PATH, json={'url': URL})).json()['id']}"
        assert (await api.delete(made)).status_code == 204
        assert (await api.get(made)).status_code == 404
        assert (await api.delete(made)).status_code == 404
        assert (await api.get(PATH)).json()["data"] == []


async def test_at_the_desk_it_is_tested_and_removed(web: Company) -> None:
    client = await at_the_desk(web, ADMIN)
    made = await send(client, form_of(await client.get("/desk/hooks"), "/desk/hooks"), url=URL)
    where = form_of(made, next(one.action for one in forms_of(made) if "/test" in one.action))
    page = await send(client, where)
    assert "hook.test" in text_of(page)
    assert text_of(await send(client, where)).count("hook.test") == 1, "sent twice, told once"
    gone = form_of(page, where.action.replace("/test", "/removal"))
    assert "Nobody is told yet" in text_of(await send(client, gone))


async def test_what_is_pressed_after_going_back_is_done_as_well_and_a_removal_once(
    web: Company,
) -> None:
    """One page has three buttons that send nothing but themselves."""
    client = await at_the_desk(web, ADMIN)
    made = await send(client, form_of(await client.get("/desk/hooks"), "/desk/hooks"), url=URL)
    test, renew, gone = (
        form_of(made, next(one.action for one in forms_of(made) if one.action.endswith(what)))
        for what in ("/test", "/secret", "/removal")
    )
    assert "hook.test" in text_of(await send(client, test))
    assert "whsec_" in text_of(await send(client, renew))
    for _ in range(2):
        assert "Nobody is told yet" in text_of(await send(client, gone))


async def test_reloading_the_page_of_a_secret_makes_no_other(web: Company) -> None:
    """Else the second reload would take the one before out of use."""
    client = await at_the_desk(web, ADMIN)
    made = await send(client, form_of(await client.get("/desk/hooks"), "/desk/hooks"), url=URL)
    renew = form_of(made, next(one.action for one in forms_of(made) if "/secret" in one.action))
    assert "whsec_" in text_of(await send(client, renew))
    assert "whsec_" not in text_of(await send(client, renew))
    async with web.rooms.house.transaction(SYSTEM) as tx:
        row = await tx.one(
            "select count(*) as n from audit_entries where verb = 'hook.secret_changed'"
        )
    assert row == {"n": 1}
