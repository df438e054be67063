"""A source's fast way makes what its plain one makes, whatever the record, or it steps back.

The plain way is ``parse`` and what normalisation adds; ``render`` writes the same at once.
"""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logcore.normalise import Normaliser
from logcore.provenance import place_of
from logcore.record import Accepted, LogRecord, Origin
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.source import Source
from tests.sources.case_files import CASES, NORMALISE, TIME_MS, log_group, named, payload, shown
from tests.sources.mutations import TORTURE, changed, deep, events, mutated, paths, samples

RENDERED = [source for source in SOURCES if source.render]
PLAIN = Normaliser(Routing([replace(source, render=None) for source in SOURCES]))

each_source = pytest.mark.parametrize("source", RENDERED, ids=lambda s: s.name)
each_case = pytest.mark.parametrize("case", CASES, ids=named)
calmly = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@each_case
def test_every_case_is_the_same_on_both_ways(case: Any) -> None:
    assert [shown(o) for o in NORMALISE.payload(payload(case))] == [
        shown(o) for o in PLAIN.payload(payload(case))
    ]


@each_source
def test_most_samples_take_the_fast_way(source: Source) -> None:
    origin = _origin(log_group=log_group(source))
    texts = [s if isinstance(s, str) else json.dumps(s) for s in samples(source)]
    records = [LogRecord("0", TIME_MS, text, origin) for text in texts]
    accepted = [r for r in records if isinstance(NORMALISE(r), Accepted)]
    place = place_of(origin)
    rendered = [source.render(record, place) for record in accepted if source.render]

    assert sum(body is not None for body in rendered) > len(accepted) / 2


@each_source
@calmly
@given(data=st.data())
def test_a_mutated_sample_is_the_same_on_both_ways(source: Source, data: st.DataObject) -> None:
    found = data.draw(mutated(data.draw(st.sampled_from(samples(source) or events(source)))))

    for origin in (None, _origin(log_group="/apps/example")):
        _compare(source, found if isinstance(found, str) else json.dumps(found), origin)


@each_source
@pytest.mark.parametrize("torture", TORTURE)
def test_a_hostile_value_is_the_same_on_both_ways(source: Source, torture: str) -> None:
    for sample in _objects(source):
        for path in [p for p in paths(sample) if len(p) <= 2]:
            _compare(source, json.dumps(changed(sample, path, TORTURE[torture])))


@each_source
@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize(
    "text", ['"', '","', "\\", '\\"', "\n", "\x1f", "\u2028", "\x7f", "é", "😀", "{}", "'", "\0"]
)
def test_no_character_breaks_out_of_a_text(source: Source, text: str, *, escaped: bool) -> None:
    for sample in _objects(source)[:1]:
        for path in paths(sample):
            found = changed(sample, path, f"a{text}b")
            _compare(source, json.dumps(found, ensure_ascii=escaped))


@each_source
@pytest.mark.parametrize("text", ['"', "\\", "\x00", "\x7f", "é", "😀", "{}", "'", "-"])
def test_no_character_breaks_out_of_a_column(source: Source, text: str) -> None:
    for sample in samples(source):
        columns = sample.split(" ") if isinstance(sample, str) else []
        for at in range(len(columns)):
            _compare(source, " ".join([*columns[:at], text, *columns[at + 1 :]]))


@each_source
def test_half_a_surrogate_is_the_same_on_both_ways(source: Source) -> None:
    for sample in _objects(source)[:1]:
        for path in paths(sample):
            _compare(source, json.dumps(changed(sample, path, "\ud800")))


@each_source
@pytest.mark.parametrize("text", ['"', "\\", "\n", "\x00", "é", "{}", "'"])
def test_no_character_of_an_origin_breaks_out(source: Source, text: str) -> None:
    origin = _origin(account=f"a{text}b", region=f"a{text}b", log_group=f"a{text}b")
    for sample in samples(source):
        _compare(source, sample if isinstance(sample, str) else json.dumps(sample), origin)


def test_a_key_that_stands_twice_is_written_once_wherever_anybody_could_have_written_it() -> None:
    for sample in samples(RENDERED[0])[:1]:
        twice = f'{{"twice":1,"twice":2,{json.dumps(sample)[1:]}'

        _compare(RENDERED[0], twice, _origin(log_group="/apps/example"))


@each_source
@pytest.mark.parametrize("levels", [50, 200, 1_000, 100_000])
def test_any_depth_is_the_same_on_both_ways(source: Source, levels: int) -> None:
    for sample in _objects(source):
        for key in sample:
            nest = '{"deeper":' * levels + "{}" + "}" * levels
            _compare(source, json.dumps(sample | {key: "@"}).replace('"@"', nest))
            _compare(source, json.dumps(sample | {key: deep(50)}))


def _origin(**changes: str) -> Origin:
    return Origin(transport="cloudwatch_logs", **({"account": "222222222222"} | changes))


def _objects(source: Source) -> list[dict[str, Any]]:
    return [s for s in samples(source) if isinstance(s, dict)][:2]


@cache
def _ways(source: Source) -> tuple[Normaliser, Normaliser]:
    return Normaliser(Routing([source])), Normaliser(Routing([replace(source, render=None)]))


def _compare(source: Source, message: str, origin: Origin | None = None) -> None:
    claimed = _origin(log_group=log_group(source))
    record = LogRecord("0", TIME_MS, message, origin or claimed)
    fast, slow = (way(record) for way in _ways(source))
    assert shown(fast) == shown(slow)
    if isinstance(fast, Accepted):
        assert b"\n" not in fast.body
        json.loads(fast.body, parse_constant=_refuse, object_pairs_hook=_once)


def _refuse(constant: str) -> None:
    raise AssertionError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What OpenSearch's parser does with a key that stands twice."""
    assert len({key for key, _ in pairs}) == len(pairs), pairs
    return dict(pairs)
