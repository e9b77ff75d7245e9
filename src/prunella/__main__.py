"""`python -m prunella`."""

from prunella.cli import main

main()
