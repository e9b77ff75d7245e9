"""What is at an address: the methods that it takes, over all of its routes."""

from fastapi import Request
from starlette.routing import Match, Mount

READS = ("GET", "HEAD")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def methods_at(request: Request) -> list[str]:
    """Return every method that the address of this request takes; below a folder one reads."""
    place = {name: request.scope.get(name, "") for name in ("type", "path", "root_path")}
    routes = [route for route in request.app.router.routes if not isinstance(route, Mount)]
    found = [
        method
        for method in METHODS
        if any(
            route.matches({**place, "method": method, "headers": []})[0] is Match.FULL
            for route in routes
        )
    ]
    named = request.app.openapi()["paths"].get(place["path"])  # /v1/cases/bulk is no case
    if named:
        found = [method for method in found if method.lower() in named or method == "HEAD"]
    return found or list(READS)
