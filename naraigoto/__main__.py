"""`python -m naraigoto`: the operator's command line."""

from naraigoto.cli import main

main()
