"""Tier 1: the customer sees what is wrong and mends it with one click."""

from prunella.tiers.selfheal import listen, store
from prunella.tiers.selfheal.fixes import NotOfferedError, SelfHeal
from prunella.tiers.selfheal.store import FixRun

__all__ = ["FixRun", "NotOfferedError", "SelfHeal", "listen", "store"]
