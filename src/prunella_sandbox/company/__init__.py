"""TAI, a made-up company that automates inventories, with customers in every billing state."""

from prunella_sandbox.company.catalogue import Catalogue
from prunella_sandbox.company.populate import BEGINS, LIVES_AT, Company, populate
from prunella_sandbox.company.subscriber import Profile, Resident

__all__ = [
    "BEGINS",
    "LIVES_AT",
    "Catalogue",
    "Company",
    "Profile",
    "Resident",
    "populate",
]
