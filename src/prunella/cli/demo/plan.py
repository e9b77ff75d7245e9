"""What a demo is made of: ports, secrets and the environment of its processes."""

import os
import secrets
import shlex
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from prunella.cli.demo.forge import FORGED
from prunella.cli.demo.residents import FILE
from prunella.cli.demo.writer import AUTHSERV_ID
from prunella.kit.supervise import Child

HOST = "127.0.0.1"
SETTINGS = "settings.sh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Addresses and secrets, made anew for each demo; nothing of them outlives it."""

    folder: Path
    port: int
    stripe_port: int
    smtp_port: int
    lmtp_port: int
    webhook_secret: str
    jwt_secret: str
    admin_token: str
    subscriptions_token: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def stripe_url(self) -> str:
        return f"http://{HOST}:{self.stripe_port}"

    @property
    def product_origin(self) -> str:
        """The same process under another name: to a browser another site."""
        return f"http://localhost:{self.stripe_port}"

    @property
    def company_file(self) -> Path:
        return self.folder / FILE

    def begin_anew(self, database_url: str) -> None:
        """Forget the last demo; then `. FOLDER/settings.sh` makes commands work on this one."""
        for left in (FILE, FORGED):
            (self.folder / left).unlink(missing_ok=True)
        file = self.folder / SETTINGS
        file.touch(mode=0o600)
        lines = [f"export {k}={shlex.quote(v)}\n" for k, v in self._ours(database_url).items()]
        commands = shlex.quote(str(Path(sys.executable).parent))
        file.write_text("".join([*lines, f"export PATH={commands}:$PATH\n"]))

    def environment(self, database_url: str) -> dict[str, str]:
        others = {k: v for k, v in os.environ.items() if not k.startswith("PRUNELLA_")}
        content = os.environ.get("PRUNELLA_CONTENT_DIR")
        ours = self._ours(database_url)
        return others | ours | ({"PRUNELLA_CONTENT_DIR": content} if content else {})

    def _ours(self, database_url: str) -> dict[str, str]:
        return {
            "PRUNELLA_DATA_DIR": str(self.folder),
            "PRUNELLA_DATABASE_URL": database_url,
            "PRUNELLA_STRIPE_API_KEY": "sk_test_demo",
            "PRUNELLA_STRIPE_READ_KEY": "rk_test_demo",
            "PRUNELLA_STRIPE_API_BASE": self.stripe_url,
            "PRUNELLA_STRIPE_REQUESTS_PER_S": "200",
            "PRUNELLA_STRIPE_WEBHOOK_SECRET": self.webhook_secret,
            "PRUNELLA_CUSTOMER_JWT_SECRET": self.jwt_secret,
            "PRUNELLA_ADMIN_TOKEN": self.admin_token,
            "PRUNELLA_MAIL_SMTP_URL": f"smtp://{HOST}:{self.smtp_port}",
            "PRUNELLA_MAIL_LMTP_LISTEN": f"{HOST}:{self.lmtp_port}",
            "PRUNELLA_MAIL_AUTHSERV_ID": AUTHSERV_ID,
            "PRUNELLA_SUBSCRIPTIONS_URL": f"{self.stripe_url}/entitlements",
            "PRUNELLA_SUBSCRIPTIONS_TOKEN": self.subscriptions_token,
            "PRUNELLA_SUBSCRIPTIONS_WRITES": "true",
            "PRUNELLA_PUBLIC_URL": self.url,
            "PRUNELLA_EMBED_ORIGINS": self.product_origin,
            "PRUNELLA_CLOCK": "sandbox",
        }

    def children(self, database_url: str) -> list[Child]:
        env = self.environment(database_url)
        me = (sys.executable, "-m", "prunella")
        return [
            Child("stand-in for Stripe", self._outside(), env),
            Child("web", (*me, "demo-web", "--port", str(self.port)), env),
            Child("worker", (*me, "demo-worker"), env),
        ]

    def _outside(self) -> tuple[str, ...]:
        ports = ("--port", str(self.stripe_port), "--smtp-port", str(self.smtp_port))
        return (sys.executable, "-m", "prunella", "demo-outside", *ports)


def make_plan(folder: Path, *, port: int) -> Plan:
    """Take the port asked for, or another when somebody else listens there."""
    return Plan(
        folder=folder,
        port=port if _is_free(port) else _free_port(),
        stripe_port=_free_port(),
        smtp_port=_free_port(),
        lmtp_port=_free_port(),
        webhook_secret=f"whsec_{secrets.token_hex(16)}",
        jwt_secret=secrets.token_hex(32),
        admin_token=secrets.token_hex(16),
        subscriptions_token=secrets.token_hex(16),
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
