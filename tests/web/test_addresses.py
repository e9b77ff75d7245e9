"""An address that does not take a method says which it takes."""

import pytest
from tests.web.company import Company
from tests.web.contract import DOCUMENT


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/cases", "GET, POST"),
        ("DELETE", "/v1/cases/case_x", "GET, PATCH"),
        ("DELETE", "/v1/cases/bulk", "POST"),
        ("DELETE", "/v1/cases/next", "POST"),
        ("POST", "/healthz", "GET, HEAD"),
        ("GET", "/webhooks/stripe", "POST"),
        ("POST", "/static/prunella.css", "GET, HEAD"),
        ("DELETE", "/desk/mail", "GET"),
    ],
)
async def test_a_wrong_method_is_told_every_right_one(
    web: Company, method: str, path: str, allowed: str
) -> None:
    async with web.client() as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_the_contract_says_where_a_call_is_refused_without_a_key() -> None:
    needed = {
        path
        for path, operations in DOCUMENT["paths"].items()
        for operation in operations.values()
        for one in operation.get("parameters", ())
        if one["name"].lower() == "idempotency-key" and one["required"]
    }
    assert needed == {"/v1/actions", "/v1/customers/{customer}/fixes/{fix}"}
