"""What is wrong with a new password."""

from prunella.people.passwords import WeakPasswordError, check_strength


def wrong_with(password: str, again: str, *, name: str, email: str) -> str:
    """Return `weak`, `different`, or nothing where it can be used. Pure."""
    try:
        check_strength(password, about=(name, *name.split(), email, email.partition("@")[0]))
    except WeakPasswordError:
        return "weak"
    return "" if password == again else "different"
