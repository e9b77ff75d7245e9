"""`serve`, the web: pages and the API in this process."""

import uvicorn

from prunella import bootstrap, web
from prunella.cli.database import Database, bring_up_to_date
from prunella.cli.staff import tell_first_link
from prunella.cli.starting import note_start, settle_in
from prunella.settings import Settings


async def run_web(settings: Settings, base: Database, *, host: str, port: int) -> None:
    await bring_up_to_date(base)
    async with bootstrap.open_rooms(settings, base.url) as rooms:
        await note_start(rooms, "web")
        await tell_first_link(rooms)
        settle_in()
        await serve_app(web.create_app(rooms), host=host, port=port)


async def serve_app(application: object, *, host: str, port: int) -> None:
    """Serve until asked to stop. `create_app` has middleware that logs, so uvicorn need not."""
    config = uvicorn.Config(
        application,  # type: ignore[arg-type] # any ASGI application
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=5,
    )
    await uvicorn.Server(config).serve()
