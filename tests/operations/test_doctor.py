"""What `doctor` says, and that each line is about something that is so."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.journeys.company import Company, company
from tests.operations.terminal import prunella
from tests.people.test_customers import mirrored
from tests.people.test_plan_paid_for import pays

from prunella.cli import check_running as running
from prunella.cli.check import Check
from prunella.cli.check_content import of_content, of_examples
from prunella.cli.check_secrets import is_weak, of_addresses, of_names, of_rates, of_secrets
from prunella.cli.store import Server, Stopped, unplanned
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.people.plans import set_plans
from prunella.settings import Settings, load_content, shipped

NOW = datetime(2026, 3, 3, 11, 40, tzinfo=UTC)
GOOD = "9f2c7be1d0a84c6fb35e17d2a90c4e88"
WELL = Server("on", "on", "on", 200, NOW)
NOTHING = dict.fromkeys(
    (
        *("jobs", "deliveries", "timers", "asides", "failed_mail"),
        *("aside_mail", "untaken_mail", "notices", "hooks", "deaf_hooks"),
        *("late_mail", "late_events", "unknown_actions"),
    ),
    0,
)


def told(checks: Iterator[Check]) -> list[tuple[str, str]]:
    return [(check.state, check.words) for check in checks]


@pytest.mark.parametrize(
    "secret", ["admin", "changeme-changeme-changeme", 40 * "a", "whsec_test", "secret-" + 5 * "12"]
)
def test_what_could_be_guessed_is_weak(secret: str) -> None:
    assert is_weak(secret)
    assert [state for state, _ in told(of_secrets(Settings(admin_token=secret)))] == ["bad"]


def test_a_random_secret_is_fine() -> None:
    assert not is_weak(GOOD)
    assert not told(of_secrets(Settings(admin_token=GOOD, stripe_webhook_secret=f"whsec_{GOOD}")))


def test_a_rotation_that_never_ended_is_named() -> None:
    two = Settings.model_validate({"customer_jwt_secret": f"{GOOD},{GOOD[::-1]}"})
    assert "end the rotation" in told(of_secrets(two))[0][1]


@pytest.mark.parametrize(
    ("changed", "state", "words"),
    [
        ({"public_url": "https://pay.tai.example/billing"}, "bad", "has a path"),
        ({"public_url": "http://pay.tai.example"}, "look", "is not https"),
        ({"mail_smtp_url": "smtp://mail.tai.example"}, "bad", "lead nowhere"),
        ({"embed_origins": "app.tai.example"}, "bad", "is no origin"),
        ({"embed_origins": "https://app.tai.example/account"}, "bad", "is no origin"),
        ({"embed_origins": "https://app.tai.example:99999"}, "bad", "is no origin"),
        ({"embed_origins": "https://*.tai.example"}, "bad", "Name each host by itself"),
        ({"embed_origins": "http://app.tai.example"}, "look", "is not https"),
    ],
)
def test_an_address_that_cannot_be_meant(changed: Any, state: str, words: str) -> None:
    found = told(
        of_addresses(Settings.model_validate(changed), {"FORWARDED_ALLOW_IPS": "10.0.0.2"})
    )
    assert [(one, words in said) for one, said in found] == [(state, True)]


def test_good_addresses_say_nothing() -> None:
    good = {"public_url": "https://pay.tai.example", "embed_origins": "https://app.tai.example"}
    behind = {"FORWARDED_ALLOW_IPS": "10.0.0.2"}
    assert not told(of_addresses(Settings.model_validate(good), behind))
    assert len(told(of_addresses(Settings.model_validate(good), {}))) == 1


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant() -> None:
    near, far = "PRUNELLA_STRIPE_APIKEY", "PRUNELLA_XYZ"
    there = {near: "sk_test", far: "1", "PRUNELLA_CLOCK": "system", "HOME": "/"}
    assert told(of_names(Settings(), there)) == [
        ("look", f"{near} is no setting: nothing reads it. Did you mean PRUNELLA_STRIPE_API_KEY?"),
        ("look", f"{far} is no setting: nothing reads it."),
    ]


def test_a_setting_of_a_later_version_is_named() -> None:
    [(state, words)] = told(of_names(Settings(model="openai:any"), {}))
    assert (state, words.split(" is ")[0]) == ("look", "PRUNELLA_MODEL")


def test_a_data_folder_that_cannot_be_is_told_among_the_others(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in ("/proc/nowhere", str(file / "below")):
        done = prunella("doctor", env={"PRUNELLA_DATA_DIR": folder}, folder=tmp_path)
        assert done.returncode == 1
        assert done.stderr == ""
        assert f"◆ The data folder {folder}/postgres cannot be written: " in done.stdout
        assert "No Stripe key is set" in done.stdout


def test_a_role_that_may_read_nothing_is_told_among_the_others(
    database_url: str, tmp_path: Path
) -> None:
    """And Stripe, which does not answer either, in one line with what to do."""
    role = f"nobody_{uuid4().hex}"
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(f"create role {role} login password 'x'")
        url = make_conninfo(database_url, user=role, password="x")
        env = {"PRUNELLA_DATABASE_URL": url, "PRUNELLA_STRIPE_READ_KEY": "rk_test_x"}
        env["PRUNELLA_STRIPE_API_BASE"] = f"http://127.0.0.1:{closed_port()}"
        done = prunella("doctor", env=env, folder=tmp_path)
        conn.execute(f"drop role {role}")
    assert (done.returncode, done.stderr) == (1, "")
    assert "◆ The database lets its role not do this: permission denied for" in done.stdout
    assert "Run `prunella migrate` with PRUNELLA_MIGRATE_URL" in done.stdout
    assert "Stripe does not answer (ConnectError). May this machine reach it, and is" in done.stdout
    assert all(line[0] in "●▲◆" for line in done.stdout.splitlines())


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_database_of_a_newer_version_is_told(database_url: str, tmp_path: Path) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("insert into schema_migrations (name) values ('29991231_more.sql')")
    done = prunella("doctor", env={"PRUNELLA_DATABASE_URL": database_url}, folder=tmp_path)
    assert "◆ The database is of a newer version of Prunella (29991231_more.sql" in done.stdout


def test_worked_examples_that_no_longer_hold_are_counted(tmp_path: Path) -> None:
    content = Path(shutil.copytree(shipped("content"), tmp_path / "content"))
    assert not told(of_examples(Settings(content_dir=content)))
    limits = content / "policy" / "limits.toml"
    before = limits.read_text()
    limits.write_text(before.replace('usd = "50.00"', 'usd = "1.00"', 1))
    assert limits.read_text() != before
    [(state, words)] = told(of_examples(Settings(content_dir=content)))
    assert state == "look"
    assert "worked examples of the rules do not hold: `prunella policy test`" in words


def test_rules_that_do_not_speak_a_language_of_the_catalogue_are_named(tmp_path: Path) -> None:
    content = Path(shutil.copytree(shipped("content"), tmp_path / "content"))
    rules = content / "policy" / "4_refunds.cedar"
    kept = [one for one in rules.read_text().splitlines() if "customer_de" not in one]
    rules.write_text("\n".join(kept))
    named = [one for one in told(of_content(Settings(content_dir=content))) if "reads de" in one[1]]
    assert [state for state, _ in named] == ["look"]
    assert "refund.charge_paid, refund.disputed, refund.currency and " in named[0][1]
    (content / "messages" / "de.toml").unlink()
    said = told(of_content(Settings(content_dir=content)))
    assert any("Nobody reads @customer_de" in words for _, words in said)
    assert not any("reads de" in words for _, words in said)


def test_a_language_that_lacks_a_text_is_named_with_what_is_read_instead(tmp_path: Path) -> None:
    content = Path(shutil.copytree(shipped("content"), tmp_path / "content"))
    german = content / "messages" / "de.toml"
    text = german.read_text()
    assert text.count("next_payment_text = ") == 1
    german.write_text(text.replace("next_payment_text = ", "next_payment_words = "))
    [(state, words)] = told(of_content(Settings(content_dir=content, clock="sandbox")))
    assert (state, "next_payment_words" in words) == ("bad", True)
    german.write_text(
        "".join(li for li in text.splitlines(keepends=True) if "next_payment_t" not in li)
    )
    _, (state, words) = told(of_content(Settings(content_dir=content, clock="sandbox")))
    assert state == "look"
    assert "de.toml lacks 1 of the shipped texts, such as page.story.next_payment_text" in words


def test_content_of_the_made_up_company_is_named_where_time_is_real() -> None:
    assert any("a made-up company" in words for _, words in told(of_content(Settings())))
    assert [state for state, _ in told(of_content(Settings(clock="sandbox")))] == ["fine"]


def test_limits_that_limit_nothing_are_named() -> None:
    assert not told(of_rates(Settings()))
    assert told(of_rates(Settings(rate_per_token=0)))
    assert told(of_rates(Settings(rate_per_address=1)))


def test_a_database_that_forgets_is_bad() -> None:
    assert not told(running.of_server(WELL, NOW))
    careless = Server("off", "off", "off", 20, NOW - timedelta(minutes=3))
    states = [state for state, _ in told(running.of_server(careless, NOW))]
    assert states == ["bad", "bad", "bad", "look", "bad"]


def test_whatever_stopped_is_counted() -> None:
    assert not told(
        running.of_stopped(
            Stopped(**NOTHING, newest_event=None, brake_since=None, used_up_since=None, workers=1)
        )
    )
    for name in NOTHING:
        stopped = Stopped(
            **NOTHING | {name: 3},
            newest_event=None,
            brake_since=None,
            used_up_since=None,
            workers=1,
        )
        assert len(told(running.of_stopped(stopped))) == 1, name


def test_a_worker_that_is_missing_is_told() -> None:
    alone = Stopped(**NOTHING, newest_event=None, brake_since=None, used_up_since=None, workers=0)
    [(state, words)] = told(running.of_stopped(alone))
    assert (state, words.split(":")[0]) == ("look", "No worker runs now")


def test_a_pulled_brake_is_told_with_its_time_and_the_way_out() -> None:
    since = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    stopped = Stopped(
        **NOTHING, newest_event=None, brake_since=since, used_up_since=None, workers=1
    )
    [(state, words)] = told(running.of_stopped(stopped))
    assert state == "look"
    assert "2 March 2026, 09:05 UTC" in words
    assert "prunella resume" in words


def test_a_daily_limit_that_was_reached_is_told_with_its_time_and_the_way_out() -> None:
    since = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    still = Stopped(**NOTHING, newest_event=None, brake_since=None, used_up_since=None, workers=1)
    stopped = replace(still, used_up_since=since)
    [(state, words)] = told(running.of_stopped(stopped))
    assert state == "look"
    assert "daily limit was reached 2 March 2026, 09:05 UTC" in words
    assert "prunella resume" in words


def test_webhooks_that_stay_away_are_noticed() -> None:
    assert not told(running.of_webhooks(None, None))
    assert not told(running.of_webhooks(NOW, NOW - timedelta(minutes=1)))
    assert "ever arrived" in told(running.of_webhooks(NOW, None))[0][1]
    assert told(running.of_webhooks(NOW, NOW - timedelta(hours=2)))[0][0] == "bad"


def test_a_price_that_nobody_named_is_told_with_what_to_do() -> None:
    assert not told(running.of_prices([]))
    [(state, words)] = told(running.of_prices([("price_gold", 3)]))
    assert state == "look"
    assert "price_gold" in words
    assert "plans.toml" in words


async def test_prices_of_no_plan_are_found_where_nothing_else_is_paid(
    house: House, database_url: str
) -> None:
    async with house.transaction(SYSTEM) as tx:
        await set_plans(tx, load_content(shipped("content")))
        await mirrored(tx)
        await pays(tx, "gold")
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        assert await unplanned(conn, 10) == [("price_gold", 1)]
    async with house.transaction(SYSTEM) as tx:
        await pays(tx, "starter_usd")
    async with await psycopg.AsyncConnection.connect(database_url) as conn:
        assert await unplanned(conn, 10) == []


def test_a_clock_that_stripe_would_not_trust() -> None:
    assert not told(running.of_stripes_clock(NOW, NOW + timedelta(seconds=3)))
    assert told(running.of_stripes_clock(NOW, NOW + timedelta(minutes=4)))[0][0] == "bad"


@pytest.fixture
def living(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with company(database_url, tmp_path) as opened:
        yield opened


def test_doctor_on_a_living_company(living: Company) -> None:
    customer = living.stripe.v1.customers.create({"name": "Northbeck"}).id
    living.until(lambda: living.diagnosis(customer), what="the customer is known")
    said = doctor(living)
    assert "Stripe answers, and there are customers." in said
    assert "fsync off" in said, "the tests' own server is not durable"
    assert "webhook" not in said.lower()
    assert "No worker runs" not in said

    with psycopg.connect(living.database_url, autocommit=True) as conn:
        conn.execute("update stripe_inbox set state = 'aside', error = 'made up'")
        conn.execute("update stripe_inbox set created = created - interval '2 hours'")
        conn.execute(
            "insert into timers (name, subject, due_at, data, dead) values"
            " ('made.up', 'x', '2026-01-01Z', '{}', true)"
        )
        conn.execute(
            "insert into mail_in (id, source, message_id, body_hash, first, envelope_to, raw, size,"
            " received_at, state, not_before) values ('mail_x', 'lmtp', 'x', '', true, '{}', '', 0,"
            " now(), 'aside', now())"
        )
        conn.execute(
            "insert into hook_endpoints (id, url, events, secrets, state, created_by, created_at)"
            " values ('hook_x', 'https://crm.tai.example', '{}', '{x}', 'failing', 'x', now())"
        )
        conn.execute(
            "insert into hook_deliveries (id, endpoint, event, subject, body, state, next_at,"
            " created_at) values ('told_x', 'hook_x', 'x', 'x', '', 'failed', now(), now())"
        )
    said = doctor(living)
    assert "events of Stripe were put aside" in said
    assert "1 timers were given up" in said
    assert "1 mails that came in were put aside. Read them on the desk" in said
    assert "1 outgoing webhooks were not taken. Put the program right" in said
    assert "1 programs are told nothing any more" in said
    assert "The newest webhook here is 2" in said or "120 min older" in said


def doctor(living: Company) -> str:
    done = prunella("doctor", env=living._environment(), folder=living.folder)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout
