"""A process that uses an embedded PostgreSQL until its input ends: `actor.py FOLDER`."""

import json
import select
import sys
from pathlib import Path

from prunella.kit.database import EmbeddedPostgres, PostgresRefusal


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    postgres = EmbeddedPostgres(Path(sys.argv[1]))
    try:
        conninfo = postgres.attach_or_start()
    except PostgresRefusal as refusal:
        say(refused=type(refusal).__name__, says=str(refusal))
        return
    say(conninfo=conninfo, owner=postgres.is_owner)
    while not select.select([sys.stdin], [], [], 0.05)[0]:
        try:
            postgres.ensure()
        except PostgresRefusal as refusal:
            sys.stderr.write(f"{refusal}\n")
    postgres.stop()


if __name__ == "__main__":
    main()
