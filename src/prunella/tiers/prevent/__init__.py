"""Tier 0: the customer hears of it from us, with the remedy, before they have to ask."""

from prunella.tiers.prevent.content import check, read
from prunella.tiers.prevent.dunning import Dunning, Schedule
from prunella.tiers.prevent.ends import EndsAtStripe, disagreements
from prunella.tiers.prevent.languages import check as check_languages
from prunella.tiers.prevent.languages import lacking, languages_of, other_languages
from prunella.tiers.prevent.late import DAILY as LATE_DAILY_TIMER
from prunella.tiers.prevent.late import DUE as LATE_TIMER
from prunella.tiers.prevent.letters import Scribe
from prunella.tiers.prevent.links import DUE as LINK_TIMER
from prunella.tiers.prevent.listen import Prevent
from prunella.tiers.prevent.notices import DAILY as DAILY_TIMER
from prunella.tiers.prevent.notices import DUE as NOTICE_TIMER
from prunella.tiers.prevent.plan import Plan, Step
from prunella.tiers.prevent.receipts import DUE as RECEIPT_TIMER
from prunella.tiers.prevent.receipts import Receipts
from prunella.tiers.prevent.recovery import DUE as PLAN_TIMER
from prunella.tiers.prevent.store_ends import ends_at_stripe
from prunella.tiers.prevent.view import plan_of, plans_of

__all__ = [
    "DAILY_TIMER",
    "LATE_DAILY_TIMER",
    "LATE_TIMER",
    "LINK_TIMER",
    "NOTICE_TIMER",
    "PLAN_TIMER",
    "RECEIPT_TIMER",
    "Dunning",
    "EndsAtStripe",
    "Plan",
    "Prevent",
    "Receipts",
    "Schedule",
    "Scribe",
    "Step",
    "check",
    "check_languages",
    "disagreements",
    "ends_at_stripe",
    "lacking",
    "languages_of",
    "other_languages",
    "plan_of",
    "plans_of",
    "read",
]
