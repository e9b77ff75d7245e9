"""The made-up company's own product, on a site of its own: it frames the meter, shows the light.

It signs its customers in by itself, with the secret that it shares with Prunella.
"""

from datetime import timedelta
from urllib.parse import urlencode

import jwt
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from prunella.kit.clock import system_now
from prunella.settings import Settings

PATH = "/product"
SIGNED_IN_FOR = timedelta(minutes=30)
LOOK = {"accent": "#0b5cad", "radius": "10"}


def product_routes(settings: Settings) -> list[Route]:
    templates = Environment(
        loader=PackageLoader("prunella.cli.demo"), autoescape=True, undefined=StrictUndefined
    )

    async def account(request: Request) -> Response:
        customer = request.query_params.get("as", "")
        token = _token(settings, customer)
        home = f"{request.base_url}{PATH[1:]}?{urlencode({'as': customer})}"
        asked = urlencode({"token": token, "return": home, **LOOK})
        page = templates.get_template("product.html").render(
            billing=settings.public_url, token=token, frame=f"/embed/billing?{asked}", look=LOOK
        )
        return HTMLResponse(page)

    return [Route(PATH, account)]


def _token(settings: Settings, customer: str) -> str:
    claims = {"sub": customer, "exp": system_now() + SIGNED_IN_FOR, "role": "owner"}
    secret = settings.customer_jwt_secret[0].get_secret_value()
    return jwt.encode(claims, secret, algorithm="HS256")
