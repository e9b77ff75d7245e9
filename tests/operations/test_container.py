"""Containerfile and compose.yaml, as far as they can be held against the code without an engine."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from prunella.cli.app import app
from prunella.settings import Settings

ROOT = Path(__file__).parents[2]
CONTAINERFILE = (ROOT / "Containerfile").read_text()
Tree = dict[str, Any]


def read(text: str) -> Tree:
    """The few forms of YAML that compose.yaml uses; anything else is refused."""
    lines = [line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    assert not any("\t" in line for line in lines)
    tree, rest = _block(lines, indent=0)
    assert not rest
    assert isinstance(tree, dict)
    return tree


def _block(lines: list[str], *, indent: int) -> tuple[Any, list[str]]:
    items: list[Any] = []
    tree: Tree = {}
    while lines and _indent(lines[0]) == indent:
        line, lines = lines[0].strip(), lines[1:]
        if line.startswith("- "):
            items.append(line[2:].strip('"'))
            continue
        name, colon, value = line.partition(":")
        assert colon, line
        assert name == "<<" or name not in tree, f"{name} stands there twice"
        if value.strip() and not value.strip().startswith("&"):
            tree[name] = value.strip()
        elif lines and _indent(lines[0]) > indent:
            tree[name], lines = _block(lines, indent=_indent(lines[0]))
        else:
            tree[name] = None
    assert not (items and tree)
    return items or tree, lines


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


@pytest.fixture(scope="module")
def compose() -> Tree:
    return read((ROOT / "compose.yaml").read_text())


def commands(compose: Tree) -> Iterator[tuple[str, list[str]]]:
    for name, service in compose["services"].items():
        if "command" in service:
            yield name, re.findall(r'"([^"]+)"', service["command"])


def test_it_is_the_topology_that_the_processes_test(compose: Tree) -> None:
    services = compose["services"]
    assert set(services) == {"postgres", "migrate", "web", "worker"}
    assert services["web"]["deploy"]["replicas"] == "2"
    assert services["worker"]["deploy"]["replicas"] == "3"
    for name in ("web", "worker"):
        waits = services[name]["depends_on"]["migrate"]
        assert waits == {"condition": "service_completed_successfully"}


def test_only_the_worker_holds_the_key_that_writes(compose: Tree) -> None:
    holders = [
        name
        for name, service in compose["services"].items()
        if "PRUNELLA_STRIPE_API_KEY" in (service.get("environment") or {})
    ]
    assert holders == ["worker"]
    assert "PRUNELLA_STRIPE_API_KEY" not in compose["x-settings"]


def test_every_setting_is_one_that_is_read(compose: Tree) -> None:
    known = {f"PRUNELLA_{name.upper()}" for name in Settings.model_fields} | {"FORWARDED_ALLOW_IPS"}
    assert set(compose["x-settings"]) <= known


def test_no_secret_stands_in_the_file(compose: Tree) -> None:
    for name, value in compose["x-settings"].items():
        assert "${" in value, name


def test_every_command_exists(compose: Tree) -> None:
    runner = CliRunner()
    for name, words in commands(compose):
        shown = runner.invoke(app, [words[0], "--help"])
        assert shown.exit_code == 0, name
        for option in (word for word in words if word.startswith("--")):
            assert option in re.sub(r"\x1b\[[0-9;]*m", "", shown.output), (name, option)


def test_the_image_runs_as_nobody_special_and_says_whether_it_lives() -> None:
    stages = CONTAINERFILE.split("FROM ")[1:]
    assert len(stages) == 2
    last = stages[-1]
    assert re.search(r"^USER prunella$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "/healthz" in last
    assert "COPY --from=build" in last
    assert "pip" not in last


def test_what_the_image_copies_is_there() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source


def pinned(lock: str) -> dict[str, str]:
    """Each part of a lock with its version."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9.\-]+)==([^ ;]+)", text, re.MULTILINE))


def test_what_runs_in_the_image_is_what_was_tested_and_nothing_for_developing() -> None:
    assert "-r requirements/run.lock" in CONTAINERFILE
    assert "dev.lock" not in CONTAINERFILE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {name_of(one) for one in project["project"]["dependencies"]}
    tools = {name_of(one) for one in project["dependency-groups"]["dev"]}
    runs = pinned("run")
    assert needed <= set(runs)
    assert not tools & set(runs)
    for lock in ("run", "build"):
        assert pinned(lock).items() <= pinned("dev").items(), lock


def name_of(requirement: str) -> str:
    return re.split(r"[\[>=<; ]", requirement)[0]


def test_locks_hold_hashes_and_no_address() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert {one.stem for one in locks} == {"bench", "build", "dev", "run", "uv"}
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert text.count("--hash=sha256:") >= len(re.findall(r"^\S+==", text, re.MULTILINE))


def test_no_registry_is_named(compose: Tree) -> None:
    images = [*re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)]
    images += [one["image"] for one in compose["services"].values() if "image" in one]
    assert all(re.fullmatch(r"[a-z]+:[a-z0-9.\-]+", image) for image in images), images
