"""The API as its OpenAPI document tells it: every operation, and the smallest call of it."""

from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from prunella.web import api
from prunella.web.contract import told_in_contract

Operation = tuple[str, str, dict[str, Any]]


def contract() -> dict[str, Any]:
    app = FastAPI()
    for part in api.parts:
        app.include_router(part.router)
    return told_in_contract(app)()


DOCUMENT = contract()
OPERATIONS: list[Operation] = [
    (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if path.startswith("/v1/")
]


def scope_told(operation: dict[str, Any]) -> str:
    ((scope,),) = operation["security"][0].values(), *()
    return str(scope[0])


def sample(schema: dict[str, Any]) -> Any:
    """The smallest value that fits, as far as our bodies go."""
    if "$ref" in schema:
        return sample(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return sample(schema[several][0])
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if schema.get("type") == "object":
        needed = schema.get("required", [])
        return {name: sample(schema["properties"][name]) for name in needed}
    if schema.get("type") == "array":
        return [sample(schema["items"])] * schema.get("minItems", 0)
    return sample_of_a_plain(schema)


def sample_of_a_plain(schema: dict[str, Any]) -> Any:
    if schema.get("format") == "date-time":
        return "2026-03-06T16:30:00+00:00"
    if schema.get("pattern", "").startswith("^[a-zA-Z]{3}"):
        return "usd"
    if schema.get("pattern", "").startswith("^[a-z]+_"):
        return "x_1"
    plain = {"integer": schema.get("minimum", 1), "number": 1, "boolean": True, "null": None}
    return plain.get(schema.get("type", ""), "x" * max(3, schema.get("minLength", 0)))


async def answered(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    told: dict[str, Any],
    named: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Call it with the smallest that fits; `named` fills parts of the path, and fields."""
    content = told.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema")
    address = path
    for parameter in told.get("parameters", ()):
        if parameter["in"] == "path":
            value = (named or {}).get(parameter["name"], str(sample(parameter["schema"])))
            address = address.replace(f"{{{parameter['name']}}}", value)
    query = {
        one["name"]: str(sample(one["schema"]))
        for one in told.get("parameters", ())
        if one["in"] == "query" and one.get("required")
    }
    given = sample(body) if body else None
    if isinstance(given, dict):
        given |= {name: value for name, value in (named or {}).items() if name in given}
    headers = {"idempotency-key": "one"}
    return await client.request(method, address, params=query, json=given, headers=headers)


async def send(client: httpx.AsyncClient, method: str, path: str, told: dict[str, Any]) -> int:
    return (await answered(client, method, path, told)).status_code
