"""`python -m ops`: the commands on a command line, with the caller's own credentials."""

import sys

from ops.cli import clients_of, main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], session=clients_of))
