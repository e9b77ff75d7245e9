"""Macros: fields and words at once, in the language of who reads them."""

from pathlib import Path

import pytest

from prunella import cases, people
from prunella.cases import Case, Letters, Macros, MacroValueError, UnknownMacroError, check_macros
from prunella.diagnostics import Words
from prunella.kit.actor import Actor
from prunella.kit.house import House, Tx
from prunella.settings import Content, ContentError, load_content, shipped

CONTENT = load_content(shipped("content"))
LETTERS = Letters(CONTENT, "TAI")
LANGUAGES = {
    language: Words.from_catalogue(CONTENT.toml(f"messages/{language}.toml"), locale=language)
    for language in ("en", "de")
}
MACROS = Macros.read(CONTENT, letters=LETTERS, languages=LANGUAGES)
ADMIN = Actor(kind="staff", id="admin", role="admin")


def changed(name: str, old: str, new: str) -> Content:
    files = dict(CONTENT.files)
    assert old in files[name]
    files[name] = files[name].replace(old, new)
    return Content(folder=Path("content"), files=files, digest="changed")


async def asked(tx: Tx, *, locale: str = "en", severity: cases.Severity = "medium") -> Case:
    customer = await people.add_customer(
        tx, name="Hollow Oak Toys", locale=locale, time_zone="Europe/Berlin", plan="starter"
    )
    return await cases.open_case(
        tx, customer, subject="Exports", because="asked", text="They fail.", severity=severity
    )


def filled(name: str) -> dict[str, str]:
    return dict.fromkeys(MACROS.get(name).asks, "This, in a few words.")


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("name", MACROS.names)
async def test_every_macro_does_all_it_says(house: House, name: str, locale: str) -> None:
    macro = MACROS.get(name)
    async with house.transaction(ADMIN) as tx:
        case = await MACROS.apply(tx, await asked(tx, locale=locale), name, filled(name))
        said = await cases.messages_of(tx, case)
    assert [one.direction for one in said if one.direction == "out"] == ["out"] * bool(macro.reply)
    assert all("{" not in one.text for one in said)
    assert case.status == (macro.status or "new")
    assert case.severity == (macro.severity or "medium")
    assert set(macro.tags) <= set(case.tags)
    assert case.team == (macro.team or macro.level or "support")
    assert case.level == (macro.level or "support")
    assert (case.assignee == "admin") == macro.to_me


async def test_a_reply_is_in_the_language_and_the_time_of_the_customer(house: House) -> None:
    async with house.transaction(ADMIN) as tx:
        case = await MACROS.apply(tx, await asked(tx, locale="de-AT"), "initial_response")
        said = (await cases.messages_of(tx, case))[-1].text
    assert "Sie hören von mir bis Mittwoch, 4. März, 12:40 Uhr" in said


async def test_a_note_to_engineering_is_never_read_by_the_customer(house: House) -> None:
    async with house.transaction(ADMIN) as tx:
        case = await asked(tx, locale="de")
        case = await MACROS.apply(tx, case, "we_do_not_know", filled("we_do_not_know"))
        note, reply = (await cases.messages_of(tx, case))[-2:]
    assert (note.direction, reply.direction) == ("note", "out")
    assert "Hollow Oak Toys, plan starter, severity medium" in note.text
    assert "This, in a few words." not in reply.text
    assert reply.text.startswith("Ich weiß die Antwort noch nicht")
    assert (case.level, case.team) == ("engineering", "engineering")


async def test_the_promise_is_that_of_the_severity_it_gets(house: House) -> None:
    """A macro that makes it urgent does not promise what a mild one would."""
    async with house.transaction(ADMIN) as tx:
        case = await asked(tx, severity="low")
        mild = (await MACROS.fill(tx, case, "initial_response")).reply
        urgent = (await MACROS.fill(tx, case, "churn", {"plan_of_ours": "A call."})).reply
    assert "Thursday 5 March, 12:40" in mild
    assert "Thursday 5 March" not in urgent


async def test_a_person_may_promise_another_time(house: House) -> None:
    async with house.transaction(ADMIN) as tx:
        said = await MACROS.fill(tx, await asked(tx), "initial_response", {"by": "noon"})
    assert "You hear from me by noon, also if I need longer than that." in said.reply


@pytest.mark.parametrize(
    "values",
    [{}, {"cause": "It"}, {"cause": "It", "fix": " "}, {"cause": "It", "fix": "x" * 4_001}],
)
async def test_what_is_asked_must_be_filled_in(house: House, values: dict[str, str]) -> None:
    async with house.transaction(ADMIN) as tx:
        case = await asked(tx)
        with pytest.raises(MacroValueError):
            await MACROS.apply(tx, case, "solution", values)
        assert len(await cases.messages_of(tx, case)) == 1


async def test_what_nobody_asked_is_refused(house: House) -> None:
    async with house.transaction(ADMIN) as tx:
        case = await asked(tx)
        with pytest.raises(MacroValueError):
            await MACROS.apply(tx, case, "initial_response", {"company": "Somebody else"})
        with pytest.raises(UnknownMacroError):
            await MACROS.apply(tx, case, "../letters/layout")


async def test_a_value_is_no_template(house: House) -> None:
    async with house.transaction(ADMIN) as tx:
        values = {"cause": "{fix} {number}", "fix": "Look again."}
        said = await MACROS.fill(tx, await asked(tx), "solution", values)
    assert "This is what happened: {fix} {number}" in said.reply


def test_the_shipped_macros_have_nothing_wrong() -> None:
    assert check_macros(CONTENT) == []
    used = {text for macro in MACROS.all for text in (macro.reply, macro.note)}
    wanted = {"initial_response", "escalation", "we_do_not_know", "outage", "churn", "solution"}
    wanted |= {"invoice_undercharged", "invoice_overcharged", "usage_alert", "reengagement"}
    assert wanted | {"proactive_fix"} <= used


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('status = "pending"', 'status = "done"', ":4: status cannot be 'done': use one of open,"),
        ('status = "pending"', 'stauts = "pending"', ":4: stauts is unknown: use one of title,"),
        ('reply = "solution"', 'reply = "solutoin"', ":3: reply cannot be 'solutoin': use one of"),
        ('title = "This is how it works"', "", ":1: title is missing: add a line `title = …`"),
        ('fix = "What they do now"', "", ":6: {fix} is never filled in: add below [ask] `fix ="),
        ('fix = "', 'fxi = "x"\nfix = "', ":8: {fxi} stands in none of its words: take the line"),
        ('status = "pending"', 'tags = ["no tag!"]', ":4: 'no tag!' is no tag: A tag has up to 40"),
        ('status = "pending"', 'tags = "tag"', ":4: tags must be a list of texts"),
        ('status = "pending"', "status = ", "solution.toml: "),
    ],
)
def test_a_wrong_macro_is_named_with_line_and_remedy(old: str, new: str, said: str) -> None:
    content = changed("macros/solution.toml", old, new)
    assert any(said in line for line in check_macros(content)), check_macros(content)
    with pytest.raises(ContentError, match=r"solution\.toml"):
        Macros.read(content, letters=LETTERS, languages=LANGUAGES)


def test_a_place_that_was_added_to_the_words_is_missed_by_the_macro() -> None:
    """Whoever rewords a template in German hears that its macro must ask for more."""
    content = changed("templates/de/churn.toml", "{plan_of_ours}", "{plan_of_ours} {cause}")
    [line] = check_macros(content)
    assert "macros/churn.toml:9: {cause} is never filled in" in line
