"""A code that nobody has taught us is said to us, once, and never to the customer."""

from structlog.testing import capture_logs
from tests.diagnostics.stripe_json import charge, facts, words

from prunella.diagnostics import Alarm, Diagnostics


def test_an_unknown_code_is_warned_of_once_a_process() -> None:
    diagnostics = Diagnostics(words())
    moonlight = facts(charge("ch_1", decline_code="suspected_moonlight"))
    with capture_logs() as logged:
        told = [diagnostics.told(moonlight) for _ in range(3)]
    [warning] = logged
    assert warning == {
        "event": "unknown_decline_code",
        "log_level": "warning",
        "code": "suspected_moonlight",
        "subject": "ch_1",
    }
    assert "moonlight" not in str([one.to_json() for one in told])


def test_another_unknown_code_is_another_warning() -> None:
    alarm = Alarm()
    with capture_logs() as logged:
        for code in ("suspected_moonlight", "generic_decline", "full_eclipse"):
            alarm.hear(facts(charge("ch_1", decline_code=code)))
    assert [one["code"] for one in logged] == ["suspected_moonlight", "full_eclipse"]
    assert alarm.codes == {"suspected_moonlight", "full_eclipse"}


def test_what_went_through_alarms_nobody() -> None:
    alarm = Alarm()
    alarm.hear(facts(charge("ch_1", status="succeeded")))
    assert alarm.codes == set()
