"""What `make demo` can be told."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from local.deploy.config import Onboarding

type SinkName = Literal["firehose", "direct"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """One demonstration.

    Attributes:
        once: End by itself with a reconciliation table and an exit code.
        twice: Send the whole story a second time and count again.
        sink: Which way documents take to the index.
        onboarding: Whether members are listed, a StackSet onboards the organisation, or CloudWatch
            centralises its logs.
        port: Port of the panel page; ``None`` for a free one.
        screenshot: File that a picture of the page is written to.
    """

    once: bool
    twice: bool
    sink: SinkName
    onboarding: Onboarding
    port: int | None
    screenshot: Path | None


def parse(words: Sequence[str]) -> Arguments:
    """Read the words of a command line; ends the process with a message when they are wrong."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    demo = parser.add_subparsers(dest="command", required=True).add_parser("demo")
    demo.add_argument("--once", action="store_true", help="end with a table and an exit code")
    demo.add_argument("--twice", action="store_true", help="send the whole story a second time")
    demo.add_argument("--sink", choices=("firehose", "direct"), default="firehose")
    demo.add_argument("--onboarding", choices=("list", "units", "centralise"), default="list")
    demo.add_argument("--port", type=int, help="port of the panel page; a free one by default")
    demo.add_argument("--screenshot", type=Path, help="file for a picture of the panel page")
    given = parser.parse_args(words)
    return Arguments(
        once=given.once,
        twice=given.twice,
        sink=given.sink,
        onboarding=given.onboarding,
        port=given.port,
        screenshot=given.screenshot,
    )
