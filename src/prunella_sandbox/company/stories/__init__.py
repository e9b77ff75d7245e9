"""How a customer comes into each billing state: one story a state."""

from prunella_sandbox.company.stories import cards, plans, purchases
from prunella_sandbox.company.stories.telling import Story, Tell

__all__ = ["STORIES", "Story"]

STORIES: dict[str, Tell] = {
    "healthy": plans.healthy,
    "free": plans.free,
    "insufficient_funds": cards.refused_with("insufficient_funds"),
    "stolen_card": cards.refused_with("stolen_card"),
    "lost_card": cards.refused_with("lost_card"),
    "generic_decline": cards.refused_with("generic_decline"),
    "processing_error": cards.refused_with("processing_error"),
    "consent_withdrawn": cards.refused_with("revocation_of_authorization"),
    "incorrect_cvc": cards.refused_with("incorrect_cvc"),
    "zero_decimal_failure": cards.refused_with("insufficient_funds"),
    "three_decimal_failure": cards.refused_with("card_velocity_exceeded"),
    "northbeck": cards.northbeck,
    "card_expired": cards.card_expired,
    "card_expiring": cards.card_expiring,
    "authentication_required": cards.authentication_required,
    "payment_method_missing": cards.payment_method_missing,
    "charged_twice": purchases.charged_twice,
    "paid_twice": purchases.paid_twice,
    "checkout_expired": purchases.checkout_expired,
    "checkout_open": purchases.checkout_open,
    "subscription_incomplete": plans.subscription_incomplete,
    "signup_unfinished": plans.signup_unfinished,
    "past_due_for_long": plans.past_due_for_long,
    "subscription_unpaid": plans.subscription_unpaid,
    "billed_while_unpaid": plans.billed_while_unpaid,
    "subscription_canceled": plans.subscription_canceled,
    "trial_ending": plans.trial_ending,
    "subscription_paused": plans.subscription_paused,
    "invoice_overdue": purchases.invoice_overdue,
    "invoice_sent": purchases.invoice_sent,
    "refund_pending": purchases.refund_pending,
    "refund_failed": purchases.refund_failed,
    "payment_processing": cards.payment_processing,
    "subscription_past_due": cards.subscription_past_due,
    "recovering": cards.recovering,
    "upgraded": plans.upgraded,
    "credited": purchases.credited,
    "leaving": plans.leaving,
    "dispute_open": purchases.dispute_open,
    "deleted": plans.deleted,
}
