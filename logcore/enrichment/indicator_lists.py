"""Reads lists of indicators: plain lines, JSON lines, or CSV with a header; one indicator a line.

On a plain line, what follows ``#`` is a comment. In the other forms only ``indicator`` must be
there; ``description``, ``provider``, ``confidence``, ``tlp``, ``first_seen`` and ``last_seen`` may.
Whether it is an address, a network, a domain or a hash follows from its shape.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from logcore.codec import parse_json
from logcore.enrichment.indicators import Indicators, Told
from logcore.errors import ReferenceDataError
from logcore.shape import compact, text, time

NAMED_LINES = 10  # malformed lines that are named; all are counted
LONGEST_TEXT = 1_024  # characters of a description; more would not be indexed
LONGEST_SHOWN = 60  # characters of a line that is named

TLP = frozenset({"WHITE", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"})
SCALE = ((70, "High"), (30, "Medium"), (1, "Low"), (0, "None"))
"""Least percent of each confidence, as appendix A of STIX 2.1 says:
https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html"""
CONFIDENCES = {name.lower(): name for _, name in SCALE}
HUNDRED = 100


class ReadList(NamedTuple):
    """One list, read.

    Attributes:
        indicators: What was understood.
        malformed: Number of lines that were not.
        named: The first of them, such as ``line 7: 'exa mple'``.
    """

    indicators: Indicators
    malformed: int
    named: list[str]


def read_list(name: str, lines: Iterable[bytes]) -> ReadList:
    """Read a list; a line that cannot be understood costs only itself.

    Args:
        name: Of its object; ``.csv`` is CSV, ``.json``, ``.jsonl`` and ``.ndjson`` are JSON lines,
            everything else is plain. Its last part is the provider where a line names none.
        lines: The object's lines.

    Raises:
        ReferenceDataError: it has lines and none could be understood.
    """
    stem, _, suffix = name.rpartition("/")[2].partition(".")
    form = FORMS.get(suffix.rpartition(".")[2].lower(), _plain)
    read = ReadList(Indicators(), 0, [])
    malformed = 0
    for number, line, row in form(lines, {"provider": stem}):
        if row is None or not read.indicators.add(*row):
            malformed += 1
            if malformed <= NAMED_LINES:
                read.named.append(f"line {number}: {line[:LONGEST_SHOWN]!r}")
    if malformed and not len(read.indicators):
        raise ReferenceDataError(
            "no_indicators", f"{name}: none of {malformed} lines, {read.named[0]}"
        )
    return read._replace(malformed=malformed)


type Row = tuple[str, Told] | None
"""An indicator and what is told of it; ``None`` where a line is malformed."""

type Rows = Iterator[tuple[int, str, Row]]
"""Line number, line and row of every line that is not empty."""


def _plain(lines: Iterable[bytes], given: Told) -> Rows:
    """Lines share one description, so that a million of them fit into memory."""
    for number, line in _texts(lines):
        value = line.partition("#")[0].strip()
        if value:
            yield number, line, (value, given)


def _json(lines: Iterable[bytes], given: Told) -> Rows:
    for number, line in _texts(lines):
        try:
            found = parse_json(line)
        except ValueError:
            found = None
        yield number, line, _row(found, given) if isinstance(found, dict) else None


def _csv(lines: Iterable[bytes], given: Told) -> Rows:
    header: list[str] | None = None
    for number, line in _texts(lines):
        try:
            cells = next(csv.reader([line]))
        except csv.Error:
            yield number, line, None
            continue
        if header is None:
            header = [cell.strip().lower() for cell in cells]
        else:
            yield number, line, _row(dict(zip(header, cells, strict=False)), given)


FORMS = {"csv": _csv, "json": _json, "jsonl": _json, "ndjson": _json}


def _texts(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        content = line.decode("utf-8", "replace").strip()
        if content:
            yield number, content


def _row(columns: Mapping[str, Any], given: Told) -> Row:
    value = text(columns.get("indicator"))
    return (value.strip(), {**given, **_told(columns)}) if value else None


def _told(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What can be understood of the columns beside the indicator; the rest is left out."""
    description, provider = text(columns.get("description")), text(columns.get("provider"))
    tlp = str(columns.get("tlp")).upper().removeprefix("TLP:")
    return compact(
        {
            "confidence": _confidence(columns.get("confidence")),
            "description": description[:LONGEST_TEXT] if description else None,
            "first_seen": time(columns.get("first_seen"), "first_seen", []),
            "last_seen": time(columns.get("last_seen"), "last_seen", []),
            "marking": {"tlp": tlp if tlp in TLP else None},
            "provider": provider[:LONGEST_TEXT] if provider else None,
        }
    )


def _confidence(value: Any) -> str | None:  # noqa: ANN401  any JSON
    """A word of ECS for that word or for percent; ``None`` for anything else."""
    words = str(value).strip().lower()
    if words in CONFIDENCES and value is not None:
        return CONFIDENCES[words]
    if not words.isdecimal() or not words.isascii():
        return None
    percent = int(words[:4])
    return next(name for least, name in SCALE if percent >= least) if percent <= HUNDRED else None
