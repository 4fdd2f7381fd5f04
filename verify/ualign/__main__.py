"""`python -m ualign` is the command `ualign`."""

from ualign.cli.main import main

main()
