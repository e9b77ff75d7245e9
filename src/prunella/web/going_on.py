"""Where who of the staff has to sign in first wanted to go: back to a page of theirs, never away.

What is not plainly such a page becomes the desk, so no address that somebody planted leads out.
"""

from urllib.parse import quote, urlsplit

from fastapi import Request

HOME = "/desk"
PLACES = (HOME, "/scoreboard")
NEXT = "next"
MOST = 2_000
"""Letters of an address; a longer one is nothing that a page of ours links to."""
_NEVER = ("\\", "//", "/..", "/./", "%")
"""A browser reads some encoded letters as what they stand for, and no page of ours needs any."""


def page_of_staff(address: str) -> str:
    """Return the address where it is a page for staff on this host, else the desk. Pure."""
    path = address.partition("?")[0]
    known = any(path == place or path.startswith(f"{place}/") for place in PLACES)
    plain = address.isascii() and address.isprintable() and " " not in address
    if not known or not plain or len(address) > MOST or any(one in path for one in _NEVER):
        return HOME
    return address


def sign_in_for(request: Request) -> str:
    """Return the address of the sign-in that goes on to what was asked for.

    A form goes on to the page that it stood on: nothing is sent by signing in.
    """
    wanted = page_of_staff(_asked_for(request))
    return "/sign-in" if wanted == HOME else f"/sign-in?{NEXT}={quote(wanted, safe='/')}"


def _asked_for(request: Request) -> str:
    if request.method in {"GET", "HEAD"}:
        query = request.url.query
        return request.url.path + (f"?{query}" if query else "")
    stood_on = urlsplit(request.headers.get("referer", ""))
    if stood_on.netloc != request.headers.get("host"):
        return HOME
    return stood_on.path + (f"?{stood_on.query}" if stood_on.query else "")
