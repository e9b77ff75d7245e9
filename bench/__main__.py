"""`make bench`: prints ratios against something measured in the same run.

`python -m bench inbox cases` measures only these two.
"""

import asyncio
import os
import platform
import sys

from bench import actions, audit, cases, decisions, diagnosis, inbox, meter, webhooks

from prunella.cli.logs import configure_logs

ALL = (webhooks, diagnosis, meter, decisions, actions, audit, inbox, cases)


async def main(names: list[str]) -> None:
    by_name = {module.__name__.removeprefix("bench."): module for module in ALL}
    if unknown := set(names) - set(by_name):
        sys.exit(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(by_name)}.")
    configure_logs(quiet=True)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    for module in [by_name[name] for name in names or by_name]:
        print(f"\n{(module.__doc__ or '').splitlines()[0]}")
        for line in await module.measure():
            print(f"  {line}", flush=True)


asyncio.run(main(sys.argv[1:]))
