"""A contract checker on the annotations of the pinned Stripe SDK.

`check_response` judges what the sandbox is about to send, `check_request` the parameters that it
was sent. Both return one `Fault` for each thing that is wrong, and nothing when all is well.
"""

from prunella_sandbox.shapes.fault import Fault
from prunella_sandbox.shapes.requests import check_request
from prunella_sandbox.shapes.responses import check_response

__all__ = ["Fault", "check_request", "check_response"]
