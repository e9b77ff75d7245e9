"""Tier 1: the customer sees what is wrong and mends it with one click."""

from prunella.tiers.selfheal import forward, later, listen, store
from prunella.tiers.selfheal.choice import (
    BadChoiceError,
    ChoiceNeededError,
    NotOfferedError,
    SignInFirstError,
)
from prunella.tiers.selfheal.fixes import SelfHeal, is_collected
from prunella.tiers.selfheal.foresight import Foresight
from prunella.tiers.selfheal.forward import Forward, TooOftenError
from prunella.tiers.selfheal.store import FixRun

__all__ = [
    "BadChoiceError",
    "ChoiceNeededError",
    "FixRun",
    "Foresight",
    "Forward",
    "NotOfferedError",
    "SelfHeal",
    "SignInFirstError",
    "TooOftenError",
    "forward",
    "is_collected",
    "later",
    "listen",
    "store",
]
