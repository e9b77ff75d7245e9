"""Who lives in the company is the same each time, and can be many."""

from __future__ import annotations

from collections import Counter

from prunella_sandbox.company.cast import cast


def test_the_same_seed_gives_the_same_customers() -> None:
    assert cast(customers=50, seed=7) == cast(customers=50, seed=7)
    assert cast(customers=50, seed=7) != cast(customers=50, seed=8)


def test_a_thousand_customers_have_a_thousand_names() -> None:
    profiles = cast(customers=1000, seed=7)
    assert len({profile.name for profile in profiles}) == 1000
    assert len({profile.address for profile in profiles}) == 1000
    states = Counter(profile.state for profile in profiles)
    assert states["stolen_card"] == 20
    assert states["healthy"] > states["free"] > states["stolen_card"]


def test_few_customers_begin_with_the_ones_who_have_a_name() -> None:
    names = [profile.name for profile in cast(customers=2, seed=7)]
    assert names == ["Northbeck Outfitters", "Bramley Tack & Feed"]
