"""Plans, cards, details and what can be used: changed at the desk, each in the form it needs."""

from tests.diagnostics.stripe_json import NOW, Json, card, customer, failed, subscription
from tests.web.browsing import Form, form_of, send, text_of
from tests.web.company import Company
from tests.web.test_desk_doing import THEIRS, WHY, choices_in, form_at
from tests.web.test_desk_giving import asked, at

from prunella import mirror
from prunella.connectors.subscriptions import MemorySource, Usable
from prunella.kit.actor import SYSTEM
from prunella.mirror.entitlements.reading import Readings
from prunella.people.plans import set_plans
from prunella.settings import load_content, shipped


def sold(name: str, amount: int) -> Json:
    return {
        "id": f"price_{name}",
        "object": "price",
        "product": f"prod_{name}",
        "active": True,
        "billing_scheme": "per_unit",
        "currency": "usd",
        "unit_amount": amount,
        "lookup_key": f"{name}_usd",
        "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"},
    }


async def sells_plans(web: Company) -> None:
    await web.knows(sold("starter", 250_000), sold("professional", 1_500_000))
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await set_plans(tx, load_content(shipped("content")))


async def test_another_card_of_theirs_is_put_in_place_or_tried(web: Company) -> None:
    other = card("pm_4242", last4="4242")
    gone = card("pm_0000", last4="0000", exp_year=2020)
    await web.knows(customer(), card(), other, gone, *failed(), subscription())
    desk = await at(web, "agent")
    page = await desk.get(f"{THEIRS}/set_payment_method")
    assert choices_in(page) == ["cus_northbeck|pm_4242"]
    form = await form_at(desk, "set_payment_method")
    await send(desk, form, choice="cus_northbeck|pm_4242", **WHY)
    tries = await desk.get(f"{THEIRS}/retry_payment")
    assert choices_in(tries) == ["in_march", "in_march|pm_4242"]
    await send(desk, await form_at(desk, "retry_payment"), choice="in_march|pm_4242", **WHY)
    assert [one.params for one in await asked(web)] == [{"payment_method": "pm_4242"}] * 2


async def test_billing_details_are_put_right(web: Company) -> None:
    await web.knows(customer(), card())
    desk = await at(web, "agent")
    form = await form_at(desk, "update_billing_details")
    assert form.fields["name"] == "Northbeck Outfitters"
    sly = await form_at(
        desk, "update_billing_details", "?name=Sly&email=sly@else.example&why=other"
    )
    assert sly.fields["name"] == "Northbeck Outfitters"
    assert sly.fields["email"] == "pay@northbeck.example"
    typed = {
        "name": "Northbeck GmbH",
        "email": "bills@northbeck.example",
        "country": "de",
        "city": "Bremen",
        "tax_type": "eu_vat",
        "tax_id": "DE129274202",
        "tax_remove": "",
    }
    wrong = await send(desk, form, **typed | {"country": "Germany", "tax_id": "12"}, **WHY)
    assert wrong.status_code == 422
    assert "Write the country as two letters" in text_of(wrong)
    assert "This does not fit the kind of tax id above" in text_of(wrong)
    assert 'value="Northbeck GmbH"' in wrong.text
    assert await asked(web) == []
    none = await send(desk, form, **typed)
    assert "Choose a reason" in text_of(none)
    assert 'value="DE129274202"' in none.text
    await send(desk, form, **typed, **WHY)
    [action] = await asked(web)
    assert action.params["name"] == "Northbeck GmbH"
    assert (action.params["country"], action.params["tax_id"]) == ("DE", "DE129274202")
    assert "tax_remove" not in action.params
    shown = text_of(await desk.get(f"/desk/actions/{action.id}"))
    assert "Name of the company Northbeck GmbH" in shown
    assert "Kind of tax id EU VAT number Tax id DE129274202" in shown


async def test_other_plans_are_listed_and_what_stands_in_the_way_is_said(web: Company) -> None:
    await web.knows(customer(), card(), subscription())
    await sells_plans(web)
    desk = await at(web, "csm")
    page = await desk.get(f"{THEIRS}/change_plan")
    assert "Now: Starter, $2,500.00 each month" in text_of(page)
    assert "Professional, $15,000.00 each month" in text_of(page)
    assert "target=sub_starter&amp;price=price_professional" in page.text
    away = await desk.get(f"{THEIRS}/change_plan?target=sub_starter&price=price_professional")
    assert away.status_code == 503
    for price in ("price_starter", "price_none"):
        none = await desk.get(f"{THEIRS}/change_plan?target=sub_starter&price={price}")
        assert none.status_code == 404
    await web.knows(subscription("past_due"), at=NOW.replace(hour=23))
    page = await desk.get(f"{THEIRS}/change_plan")
    assert "The plan is not active or trialing" in text_of(page)
    assert "price=price_professional" not in page.text


async def test_what_was_previewed_is_what_is_asked_for(web: Company) -> None:
    await web.knows(customer(), card(), subscription())
    await sells_plans(web)
    desk = await at(web, "csm")
    csrf = form_of(await desk.get("/desk/customers/cus_northbeck"), "/desk/sign-out").fields["csrf"]
    shown = {"csrf": csrf, "key": "k1", "target": "sub_starter", "price": "price_professional"}
    shown |= {"item": "si_1", "proration_date": "1772359200", "amount": "1234", "currency": "usd"}
    form = Form(f"{THEIRS}/change_plan", shown, [])
    assert (await send(desk, form, amount="1.5", **WHY)).status_code == 400
    assert (await send(desk, form, item="", **WHY)).status_code == 400
    assert (await send(desk, form, target="sub_theirs", **WHY)).status_code == 404
    await send(desk, form, **WHY)
    [action] = await asked(web)
    assert (action.state, action.amount) == ("approved", 1_234)
    assert action.params["price"] == "price_professional"


async def uses(web: Company, plan: str, *, writable: bool = True) -> None:
    """The company's own system says what is switched on, of somebody who pays for Starter."""
    paid = subscription()
    paid["items"]["data"][0]["price"]["lookup_key"] = "starter_usd"
    await web.knows(customer(), card(), paid)
    await sells_plans(web)
    held = {"cus_northbeck": Usable(plan=plan, active=True, quantity=1)}
    source = MemorySource(writable=writable, held=held)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await mirror.set_source(tx, source)
    await Readings(web.rooms.house, source).read("cus_northbeck")


async def test_what_is_not_paid_is_taken_away_by_a_person(web: Company) -> None:
    await uses(web, "professional")
    desk = await at(web, "agent")
    assert "Take away what is not paid" in text_of(await desk.get("/desk/customers/cus_northbeck"))
    page = await desk.get(f"{THEIRS}/sync_entitlement")
    assert "Paid for: Starter, 1 of it. Switched on: Professional, 1 of it" in text_of(page)
    assert "You decide this by yourself." in text_of(page)
    assert " checked autofocus" in page.text, "there is but one thing to choose"
    form = await form_at(desk, "sync_entitlement")
    await send(desk, form, choice="cus_northbeck", **WHY)
    [action] = await asked(web)
    assert (action.kind, action.state) == ("sync_entitlement", "approved")


async def test_what_is_missing_is_switched_on_and_what_is_right_is_left_alone(
    web: Company,
) -> None:
    await uses(web, "free", writable=False)
    desk = await at(web, "agent")
    assert "Switch on what is paid" in text_of(await desk.get("/desk/customers/cus_northbeck"))
    page = await desk.get(f"{THEIRS}/sync_entitlement")
    assert "Nothing can be written" in text_of(page)
    await uses(web, "starter")
    page = await desk.get(f"{THEIRS}/sync_entitlement")
    assert "There is nothing here to choose" in text_of(page)
    assert "sync_entitlement" not in (await desk.get("/desk/customers/cus_northbeck")).text
