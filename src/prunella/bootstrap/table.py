"""The one table of who listens to which event, and of what each timer does."""

from prunella import actions, cases, mirror
from prunella.kit.events import Listeners
from prunella.kit.timers import Handlers
from prunella.people import profiles
from prunella.tiers.desk import TO_DECIDE, Deciders, Desk, Telling, hooks
from prunella.tiers.desk.mail import MailAnswers
from prunella.tiers.desk.merging import Merging
from prunella.tiers.prevent import (
    DAILY_TIMER,
    LATE_DAILY_TIMER,
    LATE_TIMER,
    LINK_TIMER,
    NOTICE_TIMER,
    PLAN_TIMER,
    RECEIPT_TIMER,
    Prevent,
    Receipts,
)
from prunella.tiers.selfheal import later
from prunella.tiers.selfheal import listen as fixes

HOOKS = "hooks.tell"
DRAIN = "cases.drain"
STEP_ASIDE = "prevent.step_aside"
SOMETIMES = (HOOKS, DRAIN, STEP_ASIDE)
"""Listeners that want an event only while the view `wanted_events` says so."""


def listeners(prevent: Prevent, desk: Desk, door: actions.Door, answers: MailAnswers) -> Listeners:
    """The table of who listens to what. A listener's name is stored: do not reuse one."""
    table: Listeners = {
        **_of_invoices(prevent),
        **_of_payments(prevent),
        **_of_customers(prevent),
        **_of_actions(prevent, desk, door),
        **_of_cases(prevent),
        **_of_talk(desk, answers),
    }
    told = {name: [*table.get(name, ()), (HOOKS, hooks.on_event)] for name in hooks.EVENTS}
    return {**table, **told}


def _of_invoices(prevent: Prevent) -> Listeners:
    return {
        "stripe.invoice.updated": [("prevent.follow", prevent.on_invoice_changed)],
        "stripe.invoice.paid": [
            ("prevent.paid", prevent.on_invoice_changed),
            ("selfheal.finish", fixes.on_invoice_paid),
            ("cases.end_contact", cases.on_paid),
        ],
        "stripe.invoice.voided": [
            ("prevent.voided", prevent.on_invoice_changed),
            ("selfheal.withdrawn", fixes.on_invoice_withdrawn),
            ("cases.end_withdrawn", cases.on_paid),
        ],
        "stripe.invoice.marked_uncollectible": [
            ("prevent.given_up", prevent.on_invoice_changed),
            ("selfheal.written_off", fixes.on_invoice_withdrawn),
            ("cases.end_written_off", cases.on_written_off),
        ],
        "stripe.invoice.deleted": [("prevent.invoice_gone", prevent.on_invoice_changed)],
        "stripe.invoice.upcoming": [("prevent.bill_coming", prevent.on_bill_coming)],
    }


def _of_payments(prevent: Prevent) -> Listeners:
    failed, confirm = "stripe.invoice.payment_failed", "stripe.invoice.payment_action_required"
    return {
        failed: [("prevent.write", prevent.on_payment_failed)],
        confirm: [("prevent.ask_to_confirm", prevent.on_payment_failed)],
        "stripe.charge.dispute.created": [("prevent.disputed", prevent.on_customer_changed)],
        "stripe.checkout.session.completed": [("selfheal.come_back", fixes.on_checkout_completed)],
        "stripe.checkout.session.expired": [
            ("prevent.renew_link", prevent.on_checkout_expired),
            ("selfheal.give_up", fixes.on_checkout_expired),
        ],
        "stripe.refund.updated": [("actions.refund_changed", actions.on_refund_changed)],
        "stripe.refund.failed": [("actions.refund_failed", actions.on_refund_changed)],
    }


def _of_customers(prevent: Prevent) -> Listeners:
    plan = "stripe.customer.subscription"
    asks_again = ("mirror.entitlements", mirror.on_plan_changed)
    return {
        "stripe.customer.updated": [
            ("prevent.follow_customer", prevent.on_customer_changed),
            ("cases.know_customer", cases.indexing.on_customer_changed),
        ],
        profiles.CHANGED: [("cases.know_account", cases.indexing.on_profile_changed)],
        "stripe.customer.deleted": [("prevent.customer_gone", prevent.on_customer_changed)],
        f"{plan}.updated": [("prevent.follow_plan", prevent.on_customer_changed), asks_again],
        f"{plan}.deleted": [("prevent.plan_gone", prevent.on_customer_changed), asks_again],
        f"{plan}.trial_will_end": [("prevent.trial_ending", prevent.on_trial_ending)],
    }


def _of_actions(prevent: Prevent, desk: Desk, door: actions.Door) -> Listeners:
    scribe = prevent.notices.scribe
    telling = Telling(desk.diagnostics.words, scribe.languages)
    deciders = Deciders(actions.Approvals(door))
    return {
        "action.succeeded": [
            ("selfheal.go_on", fixes.GoOn(door)),
            ("desk.tell_done", telling.on_succeeded),
            ("prevent.receipt", Receipts(scribe).on_action_succeeded),
        ],
        "action.failed": [("selfheal.stop", fixes.on_action_stopped)],
        "action.denied": [
            ("selfheal.stop", fixes.on_action_stopped),
            ("desk.take", desk.on_needs_person),
            ("desk.tell_refused", telling.on_denied),
        ],
        "action.awaiting_approval": [
            ("approvals.wait", actions.Approvals(door).on_waiting),
            ("selfheal.wait", fixes.on_action_waiting),
            ("desk.take", desk.on_needs_person),
        ],
        "action.needs_person": [("desk.take", desk.on_needs_person)],
        TO_DECIDE: [("desk.tell_deciders", deciders.on_to_decide)],
        actions.DECIDED: [("desk.settle_deciders", deciders.on_decided)],
    }


def _of_cases(prevent: Prevent) -> Listeners:
    """Who frees a colleague's hands, or fills a queue, lets the queues be drained."""
    drain = (DRAIN, cases.drain)
    return {
        "case.opened": [(STEP_ASIDE, prevent.on_case_opened), drain],
        "case.set": [("prevent.go_on", prevent.on_case_set), drain],
        "case.assigned": [drain, ("cases.notify_assigned", cases.notify.on_assigned)],
        "case.escalated": [drain],
        "case.given_to_team": [drain],
        "case.woken": [drain],
        "case.spam_cleared": [drain],
        "case.sla_warned": [("cases.notify_warned", cases.notify.on_warned)],
        "case.sla_breached": [("cases.notify_breached", cases.notify.on_breached)],
        "staff.disabled": [("cases.release_all", cases.release_all)],
    }


def _of_talk(desk: Desk, answers: MailAnswers) -> Listeners:
    return {
        "case.mentioned": [("cases.notify_mentioned", cases.notify.on_mentioned)],
        "case.heard": [("cases.notify_heard", cases.notify.on_heard)],
        "case.answered": [("desk.write", answers.on_answered)],
        "case.merged": [("desk.tell_merged", Merging(desk).on_merged)],
        "mail.failed": [("desk.find_another_way", desk.on_mail_failed)],
    }


def handlers(prevent: Prevent, door: actions.Door) -> Handlers:
    """What each timer does when it is due."""
    return {
        PLAN_TIMER: prevent.recovery.on_due,
        NOTICE_TIMER: prevent.notices.on_due,
        DAILY_TIMER: prevent.notices.on_daily,
        LINK_TIMER: prevent.links.on_due,
        RECEIPT_TIMER: Receipts(prevent.notices.scribe).on_due,
        LATE_DAILY_TIMER: prevent.late.on_daily,
        LATE_TIMER: prevent.late.on_due,
        actions.LOOK_TIMER: actions.on_look_due,
        actions.LAPSE_TIMER: actions.Approvals(door).on_lapse,
        later.TIMER: later.Due(door),
        cases.ASSUME: cases.assume_settled,
        cases.CLOSE: cases.close_solved,
        cases.notify.MAIL: cases.notify_mail.gather,
        cases.CLOCK: cases.on_clock,
        cases.BATCH: cases.on_batch,
        cases.WAKE: cases.wake,
        mirror.READ: mirror.on_due,
    }
