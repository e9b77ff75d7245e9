"""Which role may decide what waits, and what exactly it is that they decide. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from prunella.actions.policy import Asker, Facts, Policy

ROLES = ("agent", "finance", "lead", "admin")
"""From the one with the narrowest limits up: the first that may is asked."""
NOBODY = "nobody"
DECIDERS = frozenset({"agent", "csm", "finance", "lead", "admin"})
# Who asks, what time does by itself, and the switches: no part of what is approved.
_NOT_SHOWN = frozenset({"asker", "automatic_today", "automatic_stopped"})


def role_needed(policy: Policy, facts: Facts) -> str | None:
    """Return the least role that may approve this, None when none may."""
    return next((role for role in ROLES if may_approve(policy, facts, role)), None)


def may_approve(policy: Policy, facts: Facts, role: str) -> bool:
    """Whether the rules let somebody of this role do it themselves."""
    asker = Asker(kind="staff", role=role, verified=True)
    return policy.judge(replace(facts, asker=asker)).verdict == "allow"


def digest_of(facts: Mapping[str, Any]) -> str:
    """Name what was shown: a charge grows older by itself, and is the same charge."""
    shown = {name: value for name, value in facts.items() if name not in _NOT_SHOWN}
    if isinstance(shown.get("charge"), dict):
        shown["charge"] = {k: v for k, v in shown["charge"].items() if k != "age_days"}
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:32]
