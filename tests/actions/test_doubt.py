"""A restored backup forgot what was sent since: Stripe is asked before anything goes out."""

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_retry_payment import charges_of, invoice_of
from tests.actions.world import Ours

from prunella.actions.action import Action
from prunella.actions.doubt import doubt_approved
from prunella.kit.actor import SYSTEM


async def restored(ours: Ours, action: Action) -> int:
    """Put the row back to where the backup left it: approved, never sent."""
    async with ours.house.transaction(SYSTEM) as tx:
        await tx.execute(
            "update actions set state = 'approved', attempts = 0, submitted_at = null,"
            " settled_at = null, result = '{}', error = null where id = %s",
            (action.id,),
        )
        await tx.execute("delete from action_steps where action = %s and n > 1", (action.id,))
        return await doubt_approved(tx)


@pytest.mark.parametrize(
    ("card", "state", "charges"),
    [
        ("pm_card_visa", "succeeded", ["succeeded"]),
        ("pm_card_chargeCustomerFail", "failed", ["failed"]),
    ],
)
async def test_what_was_sent_after_the_backup_is_not_sent_again(
    new_customer: NewCustomer, card: str, state: str, charges: list[str]
) -> None:
    ours = await new_customer(card=card)
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    assert (await ours.work(asked)).state == state
    await ours.stripe.pass_time(hours=25)
    assert await restored(ours, asked) == 1
    done = await ours.work(asked)
    assert done.state == state
    assert await charges_of(ours) == charges
    assert len(await ours.stripe.sent("/pay")) == 1


async def test_what_was_never_sent_is_sent_once_after_looking(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    assert await restored(ours, asked) == 1
    done = await ours.work(asked)
    assert done.state == "succeeded"
    assert (await ours.life(done))[-4:] == ["unknown", "approved", "submitting", "succeeded"]
    assert await charges_of(ours) == ["succeeded"]


async def test_what_is_settled_stays_so(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    done = await ours.work(await ours.ask("retry_payment", await invoice_of(ours)))
    async with ours.house.transaction(SYSTEM) as tx:
        assert await doubt_approved(tx) == 0
    assert (await ours.now(done)).state == "succeeded"
