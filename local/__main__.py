"""`python -m local demo`: what `make demo` runs."""

import sys

from local.demo import arguments, run

if __name__ == "__main__":
    sys.exit(run.main(arguments.parse(sys.argv[1:])))
