"""A contract checker on the annotations of the pinned Stripe SDK.

`check_response` judges what the sandbox is about to send, `check_request` the parameters that it
was sent. Both return one sentence for each thing that is wrong, and nothing when all is well;
`response_faults` and `request_faults` say the same to code.
"""

from typing import Any

from prunella_sandbox.shapes.fault import Fault
from prunella_sandbox.shapes.requests import request_faults
from prunella_sandbox.shapes.responses import response_faults

__all__ = ["Fault", "check_request", "check_response", "request_faults", "response_faults"]


def check_response(obj: dict[str, Any]) -> list[str]:
    return list(response_faults(obj))


def check_request(method: str, path: str, params: dict[str, Any]) -> list[str]:
    return list(request_faults(method, path, params))
