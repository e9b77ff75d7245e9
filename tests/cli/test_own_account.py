"""The main job on a company's own account: `sync`, then `diagnose`, as typed at a terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.company import Company
from tests.operations.terminal import prunella


@pytest.fixture
def account(database_url: str, tmp_path: Path) -> Iterator[Company]:
    """A Stripe account with customers that this installation has never heard of."""
    company = Company(database_url=database_url, folder=tmp_path)
    company.start("outside")
    company.until(lambda: company.outside("GET", "/_sandbox/clock"), what="the sandbox")
    yield company
    company.close()


def settings(account: Company) -> dict[str, str]:
    return {
        "PRUNELLA_DATABASE_URL": account.database_url,
        "PRUNELLA_STRIPE_READ_KEY": "rk_test_own",
        "PRUNELLA_STRIPE_API_BASE": account.stripe_url,
        "PRUNELLA_STRIPE_REQUESTS_PER_S": "500",
        "PRUNELLA_CLOCK": "sandbox",
    }


def failing_customer(account: Company) -> str:
    client = account.stripe.v1
    product = client.products.create({"name": "Starter"})
    price = client.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 250_000,
            "recurring": {"interval": "month"},
        }
    )
    customer = client.customers.create({"name": "Kestrel Marine", "email": "pay@kestrel.example"})
    card = client.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    client.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": price.id}],
            "default_payment_method": card.id,
        }
    )
    decline = {"metadata": {"sandbox_decline": "insufficient_funds"}}
    client.payment_methods.update(card.id, decline)  # type: ignore[arg-type] # a plain dict will do
    account.advance(days=32)
    return customer.id


def test_an_existing_account_is_read_and_its_customers_diagnosed(
    account: Company, tmp_path: Path
) -> None:
    customer = failing_customer(account)
    env = settings(account)

    read = prunella("sync", env=env, folder=tmp_path)
    assert read.returncode == 0, read.stderr
    assert "objects read" in read.stdout

    told = prunella("diagnose", customer, env=env, folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "◆ Your" in told.stdout
    assert "there was not enough money on the Visa card ending 4242" in told.stdout
    assert "→ Pay $2,500.00" in told.stdout
    assert "As of" in told.stdout

    again = prunella("sync", env=env, folder=tmp_path)
    assert again.returncode == 0, again.stderr


def test_stripe_that_is_away_does_not_keep_a_diagnosis_back(
    account: Company, tmp_path: Path
) -> None:
    customer = failing_customer(account)
    env = settings(account)
    assert prunella("sync", env=env, folder=tmp_path).returncode == 0
    account.kill("outside")
    told = prunella("diagnose", customer, env=env | {"PRUNELLA_CLOCK": "system"}, folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "insufficient_funds" in told.stdout
    fresh = ("diagnose", customer, "--fresh")
    refused = prunella(*fresh, env=env | {"PRUNELLA_CLOCK": "system"}, folder=tmp_path)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "Stripe" in refused.stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PRUNELLA_STRIPE_WEBHOOK_SECRET", "a,b,c", "more than two secrets"),
        ("PRUNELLA_CUSTOMER_JWT_SECRET", "short", "at least 32 characters"),
        ("PRUNELLA_PUBLIC_URL", "billing.example.com", "https://"),
        ("PRUNELLA_CONTENT_DIR", "/nowhere", "/nowhere"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(
    database_url: str, tmp_path: Path, variable: str, value: str, said: str
) -> None:
    env = {"PRUNELLA_DATABASE_URL": database_url, variable: value}
    refused = prunella("diagnose", "cus_1", env=env, folder=tmp_path)
    assert refused.returncode == 1
    assert variable in refused.stderr
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_live_key_never_meets_the_sandboxs_clock(tmp_path: Path) -> None:
    env = {"PRUNELLA_CLOCK": "sandbox", "PRUNELLA_STRIPE_API_KEY": "sk_live_made_up"}
    refused = prunella("serve", env=env, folder=tmp_path)
    assert refused.returncode == 1
    assert "cannot be used with a live Stripe key" in refused.stderr
    assert "sk_live_made_up" not in refused.stderr


def test_nobody_by_that_id_is_said_in_words(database_url: str, tmp_path: Path) -> None:
    env = {"PRUNELLA_DATABASE_URL": database_url}
    refused = prunella("diagnose", "cus_nobody", env=env, folder=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr.strip().startswith("Nobody is known by this id.")
