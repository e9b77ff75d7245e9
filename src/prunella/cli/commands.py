"""Every command hangs on the app once this is imported."""

from prunella.cli import (
    account,
    audit,
    backup,
    brake,
    company,
    doctor,
    keys,
    outside,
    policy,
    serving,
    staff,
    standin,
)

__all__ = [
    "account",
    "audit",
    "backup",
    "brake",
    "company",
    "doctor",
    "keys",
    "outside",
    "policy",
    "serving",
    "staff",
    "standin",
]
