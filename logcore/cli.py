"""`python -m logcore normalise`: what the pipeline would make of a file, one JSON line a record."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO

from logcore.codec import dump_json
from logcore.errors import ConfigurationError, PayloadError
from logcore.normalise import NO_RULES, UNKNOWN, Normaliser
from logcore.objects.content import begun
from logcore.objects.outcomes import object_outcomes
from logcore.reading import is_archive, payloads
from logcore.record import Accepted, Dropped, LogRecord, Origin, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.transports import GZIP_MAGIC
from logcore.trial import Trial

BY_DATASET = {source.dataset: source for source in SOURCES}
NOWHERE = Origin(transport="unknown")
_CHUNK = 1_048_576  # bytes; more than an event of EventBridge has

DESCRIPTION = """\
Turns logs into ECS documents, one JSON line each, in the order of the input. What no source can
read becomes {"rejected": REASON, "detail": SENTENCE}, and the exit code stays 0.

FILE is plain or gzip. It holds lines, with or without a header of their columns, JSON objects, a
list of records as CloudTrail and Config write it, CloudWatch Logs envelopes, EventBridge events, or
an object of the raw archive. The sources are tried in their order; a raw line has no log group, so
its content or the header decides, and what nobody recognises is generic. A raw line whose text says
no time gets the present.

With --rules, a configuration's rules apply; what one drops becomes {"dropped": RULE}. Hashes are
made with an example key, and a raw line without an identity is sampled by what its text says.
"""


def main(
    words: Sequence[str],
    stdin: BinaryIO,
    stdout: BinaryIO,
    *,
    now_ms: int,
    say: Callable[[str], object] = lambda text: print(text, file=sys.stderr),  # noqa: T201  a command's output
) -> int:
    """Run one command line; 0 also when records were rejected.

    Args:
        words: The command line without the program's name.
        stdin: What is read without a file.
        stdout: Where the JSON lines go.
        now_ms: Time of raw lines that have none, in milliseconds since the epoch.
        say: Is told each explanation.

    Raises:
        SystemExit: the words are wrong, or a file or a rule cannot be used; code 2, the reason on
            stderr.
    """
    parser = _parser()
    given = parser.parse_args(words)
    routing = _routing(given.dataset)
    trial = _trial(given, parser)
    normalise = Normaliser(routing, rules=trial.rules if trial else NO_RULES)
    try:
        opened: AbstractContextManager[BinaryIO] = (
            nullcontext(stdin) if given.file == "-" else open(given.file, "rb")  # noqa: SIM115, PTH123  closed below; the name is only passed on
        )
    except OSError as error:
        parser.error(f"cannot read {given.file!r}: {error.strerror}")
    with opened as stream:
        for number, outcome in enumerate(outcomes(stream, normalise, now_ms), 1):
            stdout.write(dump_json(shown(outcome)) + b"\n")
            if given.explain:
                say(f"{number}: {explained(outcome, routing, given.dataset)}")
            if trial:
                trial.count(outcome)
    for line in trial.summary() if trial and given.dry_run else ():
        say(line)
    return 0


def outcomes(stream: BinaryIO, normalise: Normaliser, now_ms: int) -> Iterator[Outcome]:
    """The outcome of each record of a file, in order; where reading fails, a last reject."""
    head, chunks = begun(_chunks(stream), 1)
    if head.startswith((b"{", GZIP_MAGIC)):  # what may be an archive is looked at longer
        head, chunks = begun(chunks, _CHUNK)
    if not is_archive(head):
        for numbered in object_outcomes(normalise, chunks, NOWHERE, now_ms):
            yield from numbered.outcomes
        return
    try:
        for payload in payloads(chunks):
            yield from normalise.payload(payload)
    except PayloadError as error:
        yield Rejected(LogRecord("", now_ms, "", NOWHERE), UNKNOWN, error.reason, error.detail)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """What there is, as soon as it is there: a pipe may stay open for long."""
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    return iter(lambda: read(_CHUNK), b"")


def shown(outcome: Outcome) -> dict[str, object]:
    """An outcome as the object that is printed."""
    match outcome:
        case Accepted():
            return outcome.document
        case Dropped():
            return {"dropped": outcome.rule}
        case Rejected():
            return {"rejected": outcome.reason, "detail": outcome.detail}


def explained(outcome: Outcome, routing: Routing, dataset: str | None) -> str:
    """Which source a record went to and why, such as ``vpc_flow by pattern '/aws/vpc/flow*'``."""
    if outcome.source == UNKNOWN:
        return "no source was asked: it could not be read"
    if dataset:
        return f"{outcome.source} by override --dataset {dataset}"
    match = routing.match(outcome.record)
    return f"{match.source.name} by {match.why}" + (f" {match.pattern!r}" if match.pattern else "")


def _trial(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Trial | None:
    if given.rules is None:
        if given.dry_run:
            parser.error("--dry-run: expected --rules FILE as well")
        return None
    try:
        return Trial(given.rules, dry_run=given.dry_run)
    except ConfigurationError as error:
        parser.error(error.detail)


def _routing(dataset: str | None) -> Routing:
    """Every source, or the one that was asked for alone, which then takes everything."""
    return Routing((BY_DATASET[dataset],) if dataset else SOURCES)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m logcore", description=__doc__)
    command = parser.add_subparsers(dest="command", required=True).add_parser(
        "normalise",
        help="turn a file or standard input into documents",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="- for stdin")
    command.add_argument(
        "--dataset", type=_dataset, metavar="D", help=f"one of {', '.join(BY_DATASET)}"
    )
    command.add_argument(
        "--explain", action="store_true", help="say on stderr which source each record went to"
    )
    command.add_argument(
        "--rules", metavar="TOML", help="apply the rules of a configuration, such as config/*.toml"
    )
    command.add_argument(
        "--dry-run", action="store_true", help="only count, on stderr, what each rule would do"
    )
    return parser


def _dataset(value: str) -> str:
    if value not in BY_DATASET:
        known = ", ".join(BY_DATASET)
        raise argparse.ArgumentTypeError(f"no dataset {value!r}; known: {known}")
    return value
