"""Prints what this machine has and what it lacks: ``python -m local.machine``."""

import sys

from local.machine import Missing, this_machine
from local.machine.check import check, line
from local.opensearch.account import default_home


def main() -> int:
    """Print one line per finding; give 1 if anything is missing."""
    findings = check(this_machine(), folder=default_home(), browser=True)
    print(*map(line, findings), sep="\n")  # noqa: T201  a command's output
    return 1 if any(isinstance(finding, Missing) for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
