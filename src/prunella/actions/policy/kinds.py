"""The kinds of action: all that the contract names, and those that this door can carry out."""

POSSIBLE = frozenset({"retry_payment", "set_payment_method", "open_portal", "open_checkout"})
KINDS = POSSIBLE | {
    "refund",
    "void_invoice",
    "correct_invoice",
    "credit_balance",
    "credit_note",
    "cancel_subscription",
    "resume_subscription",
    "change_plan",
    "update_billing_details",
    "send_invoice",
    "sync_entitlement",
}
