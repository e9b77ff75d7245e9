"""Who lives in the made-up company, as the demo wrote it down."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from prunella.settings import Settings

Resident = Mapping[str, Any]
FILE = "company.json"


def residents_in(settings: Settings) -> Sequence[Resident]:
    """Return them in the order in which they came; none while they are being brought to life."""
    path = Path(settings.data_dir) / FILE
    found: list[Resident] = json.loads(path.read_text()) if path.exists() else []
    return found
