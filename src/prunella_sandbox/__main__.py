"""`python -m prunella_sandbox --port N`."""

from __future__ import annotations

import argparse

from prunella_sandbox import create_app
from prunella_sandbox.serving import address, bind, serve

DEFAULT_PORT = 12111


def main() -> None:
    parser = argparse.ArgumentParser(prog="prunella_sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes a free one")
    chosen = parser.parse_args()
    listener = bind(chosen.host, chosen.port)
    serve(create_app(public_url=address(listener)), listener)


if __name__ == "__main__":
    main()
