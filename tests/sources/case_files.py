"""Every source's cases, opened the way production opens a payload."""

import gzip
import json
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
LINE_CASES = sorted(
    path for kind in ("log", "messages.json") for path in SOURCES_DIR.glob(f"*/cases/*.{kind}")
)
EVENT_CASES = sorted(SOURCES_DIR.glob("*/cases/*.event.json"))
CASES = LINE_CASES + EVENT_CASES

TIME_MS = 1_772_366_460_000  # 2026-03-01T12:01:00Z: when CloudWatch Logs took each line
NORMALISE = Normaliser(Routing(registry.SOURCES))

BY_CONTENT = tuple(s for s in registry.SOURCES[:-1] if not s.log_groups and not s.events)
"""Sources that no name of a log group tells: their lines stand among those of applications."""

ROUTED = Normaliser(
    Routing(registry.SOURCES, overrides={f"/routed/{s.name}": s.name for s in BY_CONTENT})
)
"""For lines that nobody could recognise: a deployment sends them to their source."""


def source_of(case: Path) -> Source:
    name = case.parent.parent.name
    return next(source for source in registry.SOURCES if source.name == name)


def named(case: Path) -> str:
    return f"{case.parent.parent.name}/{case.name}"


def log_group(source: Source) -> str:
    """A group that the source claims; for the one that claims none, any other."""
    return source.log_groups[0].replace("*", "example") if source.log_groups else "/apps/example"


def origin_of(case: Path) -> dict[str, str]:
    """Group and stream of a case, from ``NAME.origin.json`` where they say what lines do not."""
    beside = case.with_name(f"{stem(case)}.origin.json")
    stated = json.loads(beside.read_bytes()) if beside.exists() else {}
    return {"logGroup": log_group(source_of(case)), "logStream": "example"} | stated


def envelope(origin: dict[str, str], messages: list[str]) -> bytes:
    """What the subscription of a member's log group puts on the stream."""
    content = {
        "messageType": "DATA_MESSAGE",
        "owner": "222222222222",
        **origin,
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
    return envelope(origin_of(case), lines(case))


def lines(case: Path) -> list[str]:
    """The messages of a case: a line each, or a list for those of several lines."""
    if case.suffix == ".json":
        return [str(message) for message in json.loads(case.read_bytes())]
    return case.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def outcomes(case: Path) -> list[Outcome]:
    return NORMALISE.payload(payload(case))


def shown(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the expected file holds it."""
    if isinstance(outcome, Rejected):
        return {"rejected": outcome.reason}
    assert isinstance(outcome, Accepted)
    return outcome.document


def stem(case: Path) -> str:
    """The name of a case without what says its form."""
    return case.name.partition(".")[0]


def expected_file(case: Path) -> Path:
    return case.with_name(f"{stem(case)}.expected.json")


def declared(source: Source) -> dict[str, str]:
    """OpenSearch type of each field that the source's documents may fill."""
    fields: tuple[Field, ...] = (*shared_fields(), *source_fields(source.name))
    return field_types(*fields)
