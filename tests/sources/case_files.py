"""Every source's cases, opened the way production opens a payload."""

import gzip
from pathlib import Path
from typing import Any

from logcore import registry
from logcore.codec import dump_json
from logcore.fields import Field, field_types, shared_fields, source_fields
from logcore.normalise import Normaliser
from logcore.record import Accepted, Outcome, Rejected
from logcore.routing import Routing
from logcore.source import Source

SOURCES_DIR = Path(registry.__file__).parent / "sources"
LINE_CASES = sorted(SOURCES_DIR.glob("*/cases/*.log"))
EVENT_CASES = sorted(SOURCES_DIR.glob("*/cases/*.event.json"))
CASES = LINE_CASES + EVENT_CASES

TIME_MS = 1_772_366_460_000  # 2026-03-01T12:01:00Z: when CloudWatch Logs took each line
NORMALISE = Normaliser(Routing(registry.SOURCES))


def source_of(case: Path) -> Source:
    name = case.parent.parent.name
    return next(source for source in registry.SOURCES if source.name == name)


def named(case: Path) -> str:
    return f"{case.parent.parent.name}/{case.name}"


def log_group(source: Source) -> str:
    """A group that the source claims; for the one that claims none, any other."""
    return source.log_groups[0].replace("*", "example") if source.log_groups else "/apps/example"


def envelope(source: Source, messages: list[str]) -> bytes:
    """What the subscription of a member's log group puts on the stream."""
    content = {
        "messageType": "DATA_MESSAGE",
        "owner": "222222222222",
        "logGroup": log_group(source),
        "logStream": "example",
        "subscriptionFilters": ["central-logs-eu-west-1"],
        "logEvents": [
            {"id": f"{number:056d}", "timestamp": TIME_MS, "message": message}
            for number, message in enumerate(messages)
        ],
    }
    return gzip.compress(dump_json(content))


def payload(case: Path) -> bytes:
    if case in EVENT_CASES:
        return case.read_bytes()
    return envelope(source_of(case), lines(case))


def lines(case: Path) -> list[str]:
    return case.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def outcomes(case: Path) -> list[Outcome]:
    return NORMALISE.payload(payload(case))


def shown(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the expected file holds it."""
    if isinstance(outcome, Rejected):
        return {"rejected": outcome.reason}
    assert isinstance(outcome, Accepted)
    return outcome.document


def expected_file(case: Path) -> Path:
    stem = case.name.removesuffix(".log").removesuffix(".event.json")
    return case.with_name(f"{stem}.expected.json")


def declared(source: Source) -> dict[str, str]:
    """OpenSearch type of each field that the source's documents may fill."""
    fields: tuple[Field, ...] = (*shared_fields(), *source_fields(source.name))
    return field_types(*fields)
