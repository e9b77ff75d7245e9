"""What the README says is there: every setting, every command, every page it names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from prunella.cli import commands as every_command
from prunella.cli.app import app
from prunella.cli.check_secrets import LATER
from prunella.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
KEPT_TO_OURSELVES = {"demo-outside", "demo-web", "demo-worker"}


def commands() -> dict[str, set[str]]:
    """Each command, with what may stand behind it."""
    assert every_command.__all__
    known = getattr(get_command(app), "commands")  # noqa: B009 of a group alone
    return {name: set(getattr(one, "commands", ())) for name, one in known.items()}


def typed(text: str) -> Iterator[list[str]]:
    """The words behind `prunella`, in code, up to the first that is no plain word."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"(?m)^(prunella .*)$", text)
    for line in code:
        if line.startswith("prunella "):
            yield line.split()[1:]


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    told = set(re.findall(r"PRUNELLA_([A-Z_]+)", PAGES[0].read_text()))
    known = {name.upper() for name in Settings.model_fields if name not in LATER}
    assert told == known


def test_every_command_stands_in_the_readme() -> None:
    told = {words[0] for words in typed(PAGES[0].read_text())}
    assert set(commands()) - KEPT_TO_OURSELVES == told


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_that_is_named_exists(page: Path) -> None:
    known = commands()
    for name, *rest in typed(page.read_text()):
        assert name in known, name
        if known[name] and rest and rest[0].isalpha() and rest[0].islower():
            assert rest[0] in known[name], (name, rest[0])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_file_that_is_named_exists(page: Path) -> None:
    text = page.read_text()
    named = re.findall(r"`((?:docs|content|src|tests)/[\w./-]+)`", text)
    linked = re.findall(r"\]\(([\w./-]+)\)", text)
    assert all((ROOT / one).exists() for one in named), named
    assert all((page.parent / one).exists() for one in linked), linked
