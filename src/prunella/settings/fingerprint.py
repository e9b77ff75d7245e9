"""What is set, in a form that shows a change and not what was set. Pure."""

import hashlib

from pydantic import SecretStr

from prunella.settings.environment import Settings

SHOWN = 12


def fingerprints(settings: Settings) -> dict[str, str]:
    """Return a short hash of each setting, and one of all secrets together.

    A hash of one secret would let somebody try guesses against it alone.
    """
    open_ones: dict[str, str] = {}
    secrets: list[str] = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        values = value if isinstance(value, list) else [value]
        if any(isinstance(one, SecretStr) for one in values):
            revealed = [one.get_secret_value() for one in values]
            secrets.append(f"{name}={revealed!r}")
        else:
            open_ones[name] = _hash(str(value))
    return {**open_ones, "secrets": _hash("\n".join(secrets))}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SHOWN]
