"""The worked examples beside the policies hold, and one that cannot be read is pointed at."""

from pathlib import Path

import pytest

from prunella.actions.policy import Policy, Tried, try_examples
from prunella.settings import Content, ContentError, load_content, shipped

SHIPPED = load_content(shipped("content"))
POLICY = Policy.read(SHIPPED)
TRIED = try_examples(POLICY, SHIPPED)
FILE = "policy/examples/more.toml"


def content(text: str) -> Content:
    return Content(folder=Path("content"), files={FILE: text}, digest="d")


@pytest.mark.parametrize("tried", TRIED, ids=[one.example.name for one in TRIED])
def test_each_shipped_example_holds(tried: Tried) -> None:
    assert tried.right, f"{tried.example.where}: {tried.decision}"


def test_there_are_examples_of_every_verdict() -> None:
    assert {one.example.verdict for one in TRIED} == {"allow", "deny", "needs_approval"}


BEGIN = (
    '[[example]]\nname = "mine"\nverdict = "allow"\nkind = "open_portal"\nasker = {kind = "lee"}\n'
)


def test_an_example_that_does_not_hold_is_found() -> None:
    wrong = BEGIN.replace('"allow"', '"deny"')
    assert [one.right for one in try_examples(POLICY, content(BEGIN + wrong))] == [True, False]
    other_rule = BEGIN.replace('"allow"', '"deny"\nrules = ["refund.cap"]')
    assert not try_examples(POLICY, content(other_rule))[0].right


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BEGIN + "wether = 1", "there is no fact called wether"),
        (BEGIN + "charge = {weight = 1}", "there is no fact called weight"),
        (BEGIN.replace('"allow"', '"yes"'), "one of allow, needs_approval, deny"),
        (BEGIN.replace('name = "mine"', ""), "an example has a name"),
        (BEGIN + 'amount = "1.005"', "1.005 is no amount in usd"),
        (BEGIN + "charge = {captured = 1}", "missing"),
        (BEGIN + "[", "Correct the line"),
    ],
)
def test_an_example_that_cannot_be_read_is_pointed_at(text: str, words: str) -> None:
    with pytest.raises(ContentError, match=words) as told:
        try_examples(POLICY, content(text))
    assert str(told.value).startswith(f"content/{FILE}")
