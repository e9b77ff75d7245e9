"""The kinds of action: all that the contract names; this door can carry out each of them."""

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
        "sync_entitlement",
    }
)
HARMLESS = frozenset({"set_payment_method", "open_portal", "update_billing_details"})
"""They move no money and change no bill, so that who may ask is limit enough."""
KINDS = POSSIBLE
