"""What an account would set in Stripe's dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AfterLastRetry = Literal["cancel", "unpaid", "past_due"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The account's settings, with Stripe's defaults.

    Smart Retries: by default 8 tries in 2 weeks after the first failure; Stripe picks the moments
    by a model, we take fixed days. Once they are used up a new account's subscriptions are
    cancelled; `unpaid` and `past_due` (leave it as it is) are the other two settings.
    """

    retry_after_days: tuple[int, ...] = (1, 3, 5, 7, 9, 11, 13, 14)
    after_last_retry: AfterLastRetry = "cancel"
    draft_hours: int = 1
    upcoming_notice_days: int = 7
    trial_notice_days: int = 3
    search_lag_seconds: int = 0
    refunds_need_balance: bool = False
    account_name: str = "Sandbox"
    account_country: str = "US"
