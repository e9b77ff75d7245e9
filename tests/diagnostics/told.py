"""What a page shows of a diagnosis, short enough to compare."""

from prunella.diagnostics.diagnose import offers
from prunella.diagnostics.findings import Diagnosis


def lights(diagnosis: Diagnosis) -> dict[str, tuple[str, str]]:
    """By check: its word and its state."""
    return {check.check: (check.word, check.state) for check in diagnosis.meter}


def labels(diagnosis: Diagnosis) -> list[str]:
    """The labels of what is offered, the main one first."""
    return [offer.label for offer in offers(diagnosis)]
