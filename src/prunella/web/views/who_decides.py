"""Who may decide what waits, in words."""

from prunella.web.views.saying import Saying


def decides(role: str, saying: Saying) -> str:
    """From the least role up; what is finance's is no lead's, as those stand side by side."""
    if role == "finance":
        return saying.say("page.approval.role_finance")
    return saying.say("page.approval.role", role=role)
