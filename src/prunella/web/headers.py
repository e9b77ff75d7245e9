"""Headers that keep a browser from doing what no page of ours needs."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prunella.settings import Settings
from prunella.web.embed import listed

STATIC = "/static/"
A_YEAR = "public, max-age=31536000, immutable"


FRAMED = "/embed/billing"
FOREIGN = (
    "/attachments/",
    "/v1/attachments/",
    "/billing/attachments/",
    "/embed/billing/attachments/",
    "/desk/mail/messages/",
)
"""Where a stranger's files and words are handed out: there nothing runs and nothing loads."""
SANDBOXED = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"


def policy(settings: Settings, *, framed_by: str = "'none'") -> str:
    """Everything from ourselves, no inline code, in nobody's frame unless it is said whose.

    Forms lead on to secure pages of Stripe, or of a company's own domain there: any https, and
    where Stripe's stand-in runs.
    """
    stand_in = settings.stripe_api_base if settings.clock == "sandbox" else ""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            f"form-action 'self' https: {stand_in}".strip(),
            f"frame-ancestors {framed_by}",
            "base-uri 'none'",
        ]
    )


class SecurityHeaders:
    """Put them on every answer, errors included."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.always = {
            "content-security-policy": policy(settings),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        }
        self.framed = policy(settings, framed_by=" ".join(listed(settings)) or "'none'")
        if settings.public_url.startswith("https://"):
            self.always["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.always)
                if scope["path"].startswith(FRAMED):
                    headers["content-security-policy"] = self.framed
                if scope["path"].startswith(FOREIGN):
                    headers["content-security-policy"] = SANDBOXED
                static = scope["path"].startswith(STATIC) and message["status"] == 200  # noqa: PLR2004 OK
                headers.setdefault("cache-control", A_YEAR if static else "no-store")
            await send(message)

        await self.app(scope, receive, send_guarded)
