"""By what a source says it can be told, whatever it recognises can be."""

import json
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logcore.record import LogRecord, Origin
from logcore.registry import SOURCES
from logcore.shape import decoded
from logcore.source import Source
from tests.sources.case_files import EVENT_CASES, LINE_CASES, TIME_MS, lines
from tests.sources.mutations import JSON, events, mutated, samples

LOOKING = [source for source in SOURCES if source.looks_at_content]
GROUPS = ("/apps/example", "/aws/lambda/example", "/aws/events/example", "/example/nginx")

each_source = pytest.mark.parametrize("source", LOOKING, ids=lambda s: s.name)
calmly = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@each_source
def test_whatever_is_recognised_has_a_key_or_a_mark_of_its_source(source: Source) -> None:
    messages = [line for case in LINE_CASES for line in lines(case)]
    messages += [case.read_text(encoding="utf-8") for case in EVENT_CASES]

    for message in messages:
        for found in (message, message[: len(message) // 2], json.dumps({"saw": message})):
            assert _unforeseen(source, found) == []


@each_source
def test_an_object_within_another_is_recognised_by_the_outer_ones_keys(source: Source) -> None:
    for sample in _samples(source):
        for key in ("saw", "detail", "id", "time", "message"):
            assert _unforeseen(source, json.dumps({key: sample}, separators=(",", ":"))) == []


@each_source
@calmly
@given(data=st.data())
def test_a_mutated_sample_is_recognised_by_a_key_or_a_mark(
    source: Source, data: st.DataObject
) -> None:
    found = data.draw(mutated(data.draw(st.sampled_from(_samples(source)))))

    assert _unforeseen(source, _written(found)) == []


@each_source
@calmly
@given(text=st.text(), value=JSON)
def test_anything_is_recognised_by_a_key_or_a_mark(source: Source, text: str, value: Any) -> None:
    assert _unforeseen(source, text) == []
    assert _unforeseen(source, _written(value)) == []


def _unforeseen(source: Source, message: str) -> list[str]:
    """The log groups in which it is recognised although routing would not have asked."""
    return [
        record.origin.log_group
        for record in _read(message)
        if source.recognises(record) and not _is_told(source, record)
    ]


@lru_cache(maxsize=4_096)
def _read(message: str) -> list[LogRecord]:
    return [decoded(LogRecord("0", TIME_MS, message, _origin(group))) for group in GROUPS]


def _is_told(source: Source, record: LogRecord) -> bool:
    if isinstance(record.body, dict):
        return not record.body.keys().isdisjoint(source.keys)
    if record.message.lstrip().startswith("{"):
        return bool(source.keys)
    return any(mark in record.message for mark in source.marks)


def _samples(source: Source) -> list[Any]:
    return [*samples(source), *events(source), *(event["detail"] for event in events(source))]


def _written(found: Any) -> str:
    return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))


def _origin(log_group: str) -> Origin:
    return Origin(transport="cloudwatch_logs", log_group=log_group)
