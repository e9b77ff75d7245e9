"""`make bench`: prints ratios against something measured in the same run."""

import asyncio
import os
import platform

from bench import actions, audit, cases, decisions, diagnosis, inbox, meter, webhooks

from prunella.cli.logs import configure_logs


async def main() -> None:
    configure_logs(quiet=True)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    for module in (webhooks, diagnosis, meter, decisions, actions, audit, inbox, cases):
        print(f"\n{(module.__doc__ or '').splitlines()[0]}")
        for line in await module.measure():
            print(f"  {line}", flush=True)


asyncio.run(main())
