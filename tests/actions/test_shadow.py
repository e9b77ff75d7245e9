"""Other rules on trial: they say what they would decide, and nothing is done by it."""

from dataclasses import replace
from pathlib import Path

from structlog.testing import capture_logs
from tests.actions.conftest import NewCustomer
from tests.actions.test_refund import ask, pay
from tests.actions.test_replay import SHIPPED, with_limit
from tests.actions.world import Ours
from tests.operations.terminal import prunella

from prunella.actions import Door, Policy
from prunella.actions.replay import Replayed, shadowed
from prunella.cli.check_content import of_shadow
from prunella.kit.actor import SYSTEM
from prunella.kit.money import Money
from prunella.settings import Settings, shipped

STRICT = Policy.read(with_limit("charge", "30.00"))
LOOSE = Policy.read(with_limit("charge", "400.00"))


async def on_trial(new_customer: NewCustomer, shadow: Policy) -> Ours:
    ours = await new_customer()
    return replace(ours, door=Door(Policy.read(SHIPPED), shadow))


async def added_up(ours: Ours, shadow: Policy) -> Replayed:
    async with ours.house.transaction(SYSTEM) as tx:
        begun = tx.now.replace(year=tx.now.year - 1)
        return await shadowed(tx, shadow=shadow.digest, since=begun)


async def test_stricter_rules_say_so_and_the_money_goes(new_customer: NewCustomer) -> None:
    ours = await on_trial(new_customer, STRICT)
    charge = await pay(ours, amount=40_000)
    await ours.see()
    with capture_logs() as logs:
        asked = await ask(ours, charge, amount=4_900)
    assert asked.state == "approved"
    said = {"verdict": "needs_approval", "rules": ["refund.cap"], "content": STRICT.digest}
    assert asked.decision["shadow"] == said
    assert asked.decision["content"] == SHIPPED.digest
    assert [one["event"] for one in logs].count("shadow policy differs") == 1
    assert (await ours.work(asked)).state == "succeeded"
    found = await added_up(ours, STRICT)
    assert (found.judged, found.changed) == (1, 1)
    assert found.of(("allow", "needs_approval")) == [Money(4_900, "usd")]
    assert found.changes[0].rules_after == ("refund.cap",)


async def test_looser_rules_let_nothing_through(new_customer: NewCustomer) -> None:
    ours = await on_trial(new_customer, LOOSE)
    charge = await pay(ours, amount=40_000)
    await ours.see()
    asked = await ask(ours, charge, amount=9_000)
    assert asked.state == "awaiting_approval"
    assert asked.decision["shadow"]["verdict"] == "allow"
    assert asked.decision["shadow"]["rules"] == []
    assert await ours.jobs("actions.carry_out") == []


async def test_where_they_agree_it_counts_and_is_not_logged(new_customer: NewCustomer) -> None:
    ours = await on_trial(new_customer, STRICT)
    charge = await pay(ours, amount=40_000)
    await ours.see()
    with capture_logs() as logs:
        await ask(ours, charge, amount=2_000)
    assert not [one for one in logs if one["event"] == "shadow policy differs"]
    found = await added_up(ours, STRICT)
    assert (found.judged, found.changed) == (1, 0)


async def test_what_other_rules_said_before_is_not_added_up(new_customer: NewCustomer) -> None:
    ours = await on_trial(new_customer, STRICT)
    charge = await pay(ours, amount=40_000)
    await ours.see()
    await ask(ours, charge, amount=4_900)
    other = replace(STRICT, digest="another")
    assert (await added_up(ours, other)).judged == 0


async def test_without_a_shadow_nothing_is_kept_of_one(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await pay(ours, amount=40_000)
    await ours.see()
    assert "shadow" not in (await ask(ours, charge, amount=4_900)).decision


def test_doctor_reads_the_rules_on_trial(tmp_path: Path) -> None:
    def told(folder: Path | None) -> list[tuple[str, str]]:
        settings = Settings.model_validate({"shadow_content_dir": folder})
        return [(one.state, one.words) for one in of_shadow(settings)]

    assert told(None) == []
    assert [state for state, _ in told(shipped("content"))] == ["look"]
    state, words = told(tmp_path / "gone")[0]
    assert state == "bad"
    assert "set PRUNELLA_SHADOW_CONTENT_DIR to one" in words
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "1.cedar").write_text("forbid", encoding="utf-8")
    assert {state for state, _ in told(tmp_path)} == {"bad"}


def test_whoever_asks_what_it_said_is_told_which_setting_is_wrong(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    env = {"PRUNELLA_SHADOW_CONTENT_DIR": gone}
    done = prunella("policy", "shadow", env=env, folder=tmp_path)
    assert done.returncode == 1
    told = f"{gone} is not a folder: set PRUNELLA_SHADOW_CONTENT_DIR to one, or unset it"
    assert done.stderr.strip() == told
