"""The kinds of action: all that the contract names, and those that this door can carry out."""

POSSIBLE = frozenset(
    {
        "retry_payment",
        "set_payment_method",
        "open_portal",
        "open_checkout",
        "send_invoice",
        "update_billing_details",
        "resume_subscription",
        "change_plan",
        "refund",
        "void_invoice",
        "correct_invoice",
        "credit_balance",
        "credit_note",
        "cancel_subscription",
    }
)
# What a customer may use is derived from Stripe here, so there is nothing that could be written.
KINDS = POSSIBLE | {"sync_entitlement"}
