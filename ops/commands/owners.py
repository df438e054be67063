"""`python -m ops owners`: what do other accounts add for their log buckets?"""

import argparse

from ops.command import Call, Command
from ops.owners import owners

DESCRIPTION = """\
Prints what owners of log buckets in other accounts add to them, as statements and commands. Asks
nothing of AWS, and takes no credentials.
"""


def run(call: Call) -> int:
    """Print it."""
    call.say("\n".join(owners(call.config)))
    return 0


def _no_words(_parser: argparse.ArgumentParser) -> None:
    """The configuration says everything."""


COMMAND = Command(
    "owners", "what other accounts add for their log buckets", DESCRIPTION, _no_words, run
)
