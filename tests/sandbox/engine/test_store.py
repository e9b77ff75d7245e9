"""An index answers as a look through everything would, whatever happened before."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from prunella_sandbox.store import Store

NAMES = st.sampled_from(["a", "b", "c", "d"])
OWNERS = st.sampled_from(["cus_1", "cus_2", None])
CHANGES = st.lists(st.tuples(st.sampled_from(["put", "drop", "mark", "undo"]), NAMES, OWNERS))


def _by_looking(store: Store, owner: str) -> list[object]:
    return [one for one in store.newest_first("charge") if one.get("customer") == owner]


@given(CHANGES, st.sampled_from([[], ["cus_1"]]))
def test_an_owner_has_what_a_look_through_everything_finds(
    changes: list[tuple[str, str, str | None]], asked_before: list[str]
) -> None:
    store, numbers = Store(), count()
    for early in asked_before:  # the index is there before the first object, or made at the end
        list(store.newest_first_of("charge", "customer", early))
    store.begin()
    mark = store.mark()
    for what, name, owner in changes:
        if what == "put":
            store.put("charge", name, {"id": name, "customer": owner, "n": next(numbers)})
        elif what == "drop":
            store.drop("charge", name)
        elif what == "mark":
            mark = store.mark()
        else:
            store.roll_back_to(min(mark, store.mark()))
    for owner in ("cus_1", "cus_2"):
        found = list(store.newest_first_of("charge", "customer", owner))
        assert found == _by_looking(store, owner)


def test_what_changes_hands_keeps_its_place() -> None:
    store = Store()
    list(store.newest_first_of("payment_method", "customer", "cus_1"))
    store.put("payment_method", "old", {"id": "old", "customer": None})
    store.put("payment_method", "new", {"id": "new", "customer": "cus_1"})
    store.put("payment_method", "old", {"id": "old", "customer": "cus_1"})
    found = store.newest_first_of("payment_method", "customer", "cus_1")
    assert [one["id"] for one in found] == ["new", "old"]


def test_a_transaction_that_is_undone_leaves_the_index_as_it_was() -> None:
    store = Store()
    store.put("charge", "ch", {"id": "ch", "customer": "cus_1"})
    assert list(store.newest_first_of("charge", "customer", "cus_1"))
    store.begin()
    store.put("charge", "ch", {"id": "ch", "customer": "cus_2"})
    assert not list(store.newest_first_of("charge", "customer", "cus_1"))
    store.roll_back()
    assert list(store.newest_first_of("charge", "customer", "cus_1"))
