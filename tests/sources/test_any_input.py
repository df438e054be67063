"""Whatever arrives has an outcome, and what is accepted can be indexed: no input raises."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from logcore.codec import dump_json
from logcore.fields import field_types, shared_fields
from logcore.record import Accepted, LogRecord, Origin, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.rejects import reject_document, reject_line
from logcore.source import Source
from tests.sources.case_files import BY_CONTENT, ROUTED, TIME_MS, declared, log_group
from tests.sources.mutations import (
    JSON,
    TORTURE,
    changed,
    deep,
    events,
    mutated,
    paths,
    samples,
)
from tests.sources.soundness import faults

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.name)
calmly = settings(  # a busy machine is no reason to fail
    deadline=None, max_examples=60, suppress_health_check=list(HealthCheck)
)
TORTURE_OBJECTS = [value for value in TORTURE.values() if isinstance(value, dict)]
SHARED = field_types(*shared_fields())


@each_source
@calmly
@given(message=st.text())
@example(message="")
@example(message="{")
@example(message="null")
@example(message="\x00")
def test_any_text_has_a_sound_outcome(source: Source, message: str) -> None:
    assert _faults(source, message) == []


@each_source
@calmly
@given(value=JSON)
def test_any_json_has_a_sound_outcome(source: Source, value: Any) -> None:
    assert _faults(source, json.dumps(value)) == []


@each_source
@calmly
@given(data=st.data())
def test_a_mutated_sample_has_a_sound_outcome(source: Source, data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(samples(source) or events(source)))
    found = data.draw(mutated(sample))

    assert _faults(source, found if isinstance(found, str) else json.dumps(found)) == []


@pytest.mark.parametrize("source", [s for s in SOURCES if events(s)], ids=lambda s: s.name)
@calmly
@given(data=st.data())
def test_a_mutated_event_has_a_sound_outcome(source: Source, data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(events(source)))
    detail = data.draw(mutated(event["detail"]))

    assert _event_faults(source, event | {"detail": detail}) == []


@pytest.mark.parametrize("torture", TORTURE)
@each_source
def test_a_hostile_value_anywhere_in_a_sample_has_a_sound_outcome(
    source: Source, torture: str
) -> None:
    hostile = TORTURE[torture]
    for sample in [s for s in samples(source) if isinstance(s, dict)][:3]:
        for path in [p for p in paths(sample) if len(p) <= 2]:
            assert _faults(source, json.dumps(changed(sample, path, hostile))) == [], path


@pytest.mark.parametrize("torture", TORTURE)
@each_source
def test_a_hostile_value_alone_has_a_sound_outcome(source: Source, torture: str) -> None:
    assert _faults(source, json.dumps(TORTURE[torture])) == []


@pytest.mark.parametrize("levels", [30, 100, 1_000, 100_000])
@each_source
def test_any_depth_has_a_sound_outcome(source: Source, levels: int) -> None:
    assert _faults(source, '{"deeper":' * levels + "{}" + "}" * levels) == []


@each_source
def test_a_deep_value_in_a_sample_has_a_sound_outcome(source: Source) -> None:
    for sample in [s for s in samples(source) if isinstance(s, dict)][:1]:
        for key in sample:
            assert _faults(source, json.dumps(sample | {key: deep(200)})) == [], key


def _faults(source: Source, message: str) -> list[str]:
    origin = Origin(
        transport="cloudwatch_logs",
        account="222222222222",
        region="eu-west-1",
        owner="222222222222",
        log_group=f"/routed/{source.name}" if source in BY_CONTENT else log_group(source),
        log_stream="example",
    )
    return _judge(source, ROUTED(LogRecord("0", TIME_MS, message, origin)))


def _event_faults(source: Source, event: dict[str, Any]) -> list[str]:
    return [
        fault
        for outcome in ROUTED.payload(json.dumps(event).encode())
        for fault in _judge(source, outcome)
    ]


def _judge(source: Source, outcome: Outcome) -> list[str]:
    if isinstance(outcome, Accepted):
        found = [] if outcome.source == source.name else [f"reached {outcome.source}"]
        return found + faults(outcome.document, declared(source))
    assert isinstance(outcome, Rejected)
    dump_json(reject_line(outcome))
    return faults(reject_document(outcome, TIME_MS), SHARED)
