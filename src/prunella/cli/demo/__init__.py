"""`demo`: a made-up company on this machine, with everything running, and one address to open."""

from prunella.cli.demo.run import run_demo, run_demo_web

__all__ = ["run_demo", "run_demo_web"]
