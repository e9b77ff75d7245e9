"""The inbox, its news, the day, what is found, lists of one's own: without JavaScript."""

import httpx
import pytest
from tests.web.browsing import ask_for_a_person, at_the_desk, form_of, send, text_of
from tests.web.company import Company

from prunella import cases, people
from prunella.cases import Severity
from prunella.kit.actor import SYSTEM, Actor

ASKED: tuple[tuple[str, Severity], ...] = (
    ("Quince Lane Bakery", "medium"),
    ("Kestrel Bay Marine", "critical"),
    ("Corran Glassworks", "low"),
)


@pytest.fixture
async def opened(web: Company) -> list[str]:
    """Three customers ask, one of them gravely; gives their cases."""
    found = []
    for name, severity in ASKED:
        async with web.rooms.house.transaction(SYSTEM) as tx:
            one = await people.add_customer(tx, name=name, plan="enterprise")
        async with web.rooms.house.transaction(Actor("customer", one.id, "billing")) as tx:
            subject = f"A question of {name}"
            case = await cases.open_case(
                tx, one, subject=subject, because="asked", text=subject, severity=severity
            )
        found.append(case.id)
    return found


async def test_the_most_pressing_stands_first_with_plan_and_way(
    opened: list[str], desk: httpx.AsyncClient
) -> None:
    assert opened
    words = text_of(await desk.get("/desk"))
    assert words.index("Kestrel Bay") < words.index("Corran Glass")
    assert "Enterprise, web, " in words


async def test_late_cases_are_a_list_and_say_what_the_contract_still_gives(
    web: Company, opened: list[str], desk: httpx.AsyncClient
) -> None:
    assert opened
    assert "Nothing is waiting" in text_of(await desk.get("/desk?view=late"))
    web.clock.advance(days=2)
    words = text_of(await desk.get("/desk?view=late"))
    assert "late" in words
    assert "Contract" in words


async def test_an_open_page_hears_what_is_new_without_fetching_all(
    web: Company, opened: list[str], desk: httpx.AsyncClient
) -> None:
    before = (await desk.get(f"/desk/news?view=open&case={opened[0]}")).json()
    assert {row["id"] for row in before["rows"]} == set(opened)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        case = await cases.get_case(tx, opened[0])
        assert case
        await case.note(tx, "Somebody looks.")
        await case.set(tx, severity="critical")
    after = (await desk.get(f"/desk/news?view=open&case={opened[0]}")).json()
    stamps = [{row["id"]: row["stamp"] for row in told["rows"]} for told in (before, after)]
    assert stamps[0][opened[0]] != stamps[1][opened[0]]
    assert stamps[0][opened[1]] == stamps[1][opened[1]]
    assert before["last"] != after["last"]


async def test_the_page_of_a_case_weighs_little_with_all_that_belongs_to_it(
    web: Company, desk: httpx.AsyncClient
) -> None:
    await ask_for_a_person(web, "Hello")
    [row] = (await desk.get("/desk/news")).json()["rows"]
    page = await desk.get(f"/desk/cases/{row['id']}")
    names = ("prunella.css", "keys.js", "palette.js", "desk.js")
    files = [await desk.get(f"/static/{name}") for name in names]
    assert sum(len(one.content) for one in (page, *files)) < 100_000


async def test_the_palette_finds_cases_customers_and_places(
    opened: list[str], desk: httpx.AsyncClient
) -> None:
    hits = (await desk.get("/desk/find", params={"q": "kestrel"})).json()["hits"]
    assert f"/desk/cases/{opened[1]}" in {hit["href"] for hit in hits}
    assert any(hit["href"].startswith("/desk/customers/") for hit in hits)
    places = (await desk.get("/desk/find", params={"q": "today"})).json()["hits"]
    assert [hit["href"] for hit in places] == ["/desk/overview"]
    page = await desk.get("/desk/search", params={"q": "Kestrel"})
    assert "A question of Kestrel" in text_of(page)


async def test_the_day_counts_and_the_next_case_is_the_most_pressing(
    opened: list[str], desk: httpx.AsyncClient
) -> None:
    page = await desk.get("/desk/overview")
    assert "Take the next case" in text_of(page)
    assert "99" in text_of(page)
    taken = await send(desk, form_of(page, "/desk/next"))
    assert taken.url.path == f"/desk/cases/{opened[1]}"
    assert "yours" in text_of(taken)


async def test_a_list_is_kept_under_a_name_and_taken_away(
    opened: list[str], desk: httpx.AsyncClient
) -> None:
    assert opened
    form = form_of(await desk.get("/desk/views"), "/desk/views")
    form.fields.pop("shared")
    page = await send(desk, form, name="Grave ones", severity="critical", assignee="none")
    assert "Grave ones" in text_of(page)
    assert "Kestrel" in text_of(page)
    assert "Corran" not in text_of(page)
    address = page.url.params["view"]
    again = await send(desk, form, name="Grave ones")
    assert again.status_code == 422
    there = await desk.get("/desk/views")
    await send(desk, form_of(there, f"/desk/views/{address}"), **{"as": "remove"})
    assert (await desk.get(f"/desk?view={address}")).status_code == 404


async def test_whoever_may_only_look_keeps_lists_for_themselves(web: Company) -> None:
    viewer = await at_the_desk(web, await web.staff_token("viewer"))
    form = form_of(await viewer.get("/desk/views"), "/desk/views")
    assert "shared" not in form.fields
    page = await send(viewer, form, name="Grave ones", severity="critical")
    assert "Grave ones" in text_of(page)
    refused = await send(viewer, form, name="For all", shared="on")
    assert refused.status_code == 422
    assert "for yourself" in text_of(refused)


async def test_a_list_that_does_not_exist_is_not_found(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/desk?view=none")).status_code == 404
