"""The promises between a saved object and the search that answers it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local.panels import filters, queries, rows, vega_data
from local.panels.errors import ObjectError, TimeError, UnsupportedError
from local.panels.filters import Scope
from local.panels.saved_objects import IndexPattern
from local.panels.time_range import TimeRange, auto_interval, interval, time_range

NOW = datetime(2026, 3, 15, 13, 45, 30, tzinfo=UTC)
START = 1_772_323_200_000  # 2026-03-01T00:00:00Z
HOUR = 3_600_000
DAY = Scope(TimeRange(START, START + 24 * HOUR), ({"match": {"user.name": "alice"}},))
PATTERN = IndexPattern("logs-*", "@timestamp", {"source.bytes": {"id": "bytes"}})
QUERY: dict[str, Any] = {"match_all": {}}


def agg(id_: str, kind: str, schema: str = "metric", **params: object) -> dict[str, Any]:
    return {"id": id_, "type": kind, "schema": schema, "params": params}


def asked(*aggs: dict[str, Any]) -> dict[str, Any]:
    wanted = queries.aggregations({"aggs": list(aggs)})
    body: dict[str, Any] = queries.aggregate(wanted, PATTERN, QUERY, DAY).body["aggs"]
    return body


def iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("now-24h", "now", ("2026-03-14T13:45:30.000", "2026-03-15T13:45:30.000")),
        ("now/d", "now/d", ("2026-03-15T00:00:00.000", "2026-03-15T23:59:59.999")),
        ("now-1d/d", "now", ("2026-03-14T00:00:00.000", "2026-03-15T13:45:30.000")),
        ("now/w", "now", ("2026-03-09T00:00:00.000", "2026-03-15T13:45:30.000")),
        ("now-1M", "now+1h", ("2026-02-15T13:45:30.000", "2026-03-15T14:45:30.000")),
        ("now-1y/y", "now", ("2025-01-01T00:00:00.000", "2026-03-15T13:45:30.000")),
        (
            "2026-03-01",
            "2026-03-01T12:00:00+02:00",
            ("2026-03-01T00:00:00.000", "2026-03-01T10:00:00.000"),
        ),
    ],
)
def test_a_time_range_is_date_math_or_iso(start: str, end: str, expected: tuple[str, str]) -> None:
    found = time_range(start, end, NOW)

    assert (iso(found.start_ms), iso(found.end_ms)) == tuple(f"{one}+00:00" for one in expected)


def test_a_month_back_from_its_last_day_is_the_last_day_of_a_shorter_month() -> None:
    found = time_range("now-1M", "now", datetime(2026, 3, 31, tzinfo=UTC))

    assert iso(found.start_ms) == "2026-02-28T00:00:00.000+00:00"


@pytest.mark.parametrize(
    ("start", "end"), [("yesterday", "now"), ("now", "now-1h"), ("now-1x", "now")]
)
def test_what_is_no_time_range_is_refused(start: str, end: str) -> None:
    with pytest.raises(TimeError):
        time_range(start, end, NOW)


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (0.25, "30s"),
        (1, "1m"),
        (6, "5m"),
        (24, "30m"),
        (24 * 7, "3h"),
        (24 * 30, "12h"),
        (24 * 365 * 3, "1M"),
    ],
)
def test_an_automatic_interval_is_that_of_opensearch_dashboards(hours: float, text: str) -> None:
    found = auto_interval(TimeRange(0, round(hours * HOUR)))

    assert found.text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h", ("1h", HOUR, "calendar_interval")),
        ("30m", ("30m", HOUR // 2, "fixed_interval")),
        ("1w", ("1w", 168 * HOUR, "calendar_interval")),
        ("12h", ("12h", 12 * HOUR, "fixed_interval")),
    ],
)
def test_single_units_follow_the_calendar(text: str, expected: tuple[str, int, str]) -> None:
    found = interval(text)

    assert (found.text, found.ms, found.parameter) == expected


def test_a_panel_is_limited_to_time_page_and_its_own_filter() -> None:
    found = filters.within(DAY, "@timestamp", [{"exists": {"field": "a"}}])

    times = {"gte": START, "lte": START + 24 * HOUR, "format": "epoch_millis"}
    assert found["bool"]["filter"] == [
        {"range": {"@timestamp": times}},
        {"match": {"user.name": "alice"}},
        {"exists": {"field": "a"}},
    ]


def test_filters_are_obeyed_negated_or_left_out_when_disabled() -> None:
    source = {
        "query": {"query": "a: b", "language": "kuery"},
        "filter": [
            {"meta": {"negate": True}, "query": {"match_phrase": {"c": "d"}}},
            {"meta": {"disabled": True}, "query": {"match_phrase": {"e": "f"}}},
            {"meta": {}, "exists": {"field": "g"}, "$state": {"store": "appState"}},
        ],
    }

    found = filters.source_clauses(source)

    assert found == [
        {"match": {"a": "b"}},
        {"bool": {"must_not": [{"match_phrase": {"c": "d"}}]}},
        {"exists": {"field": "g"}},
    ]


def test_a_lucene_query_is_passed_on_as_it_is() -> None:
    found = filters.source_clauses({"query": {"query": "a:b*", "language": "lucene"}})

    assert found == [{"query_string": {"query": "a:b*", "analyze_wildcard": True}}]


def test_terms_are_ordered_by_the_metric_that_orders_them() -> None:
    metrics = (agg("1", "count"), agg("2", "sum", field="source.bytes"))
    by_count = asked(*metrics, agg("3", "terms", "segment", field="f", size=7, orderBy="1"))
    by_sum = asked(*metrics, agg("3", "terms", "segment", field="f", size=7, orderBy="2"))

    assert by_count["3"]["terms"] == {"field": "f", "size": 7, "order": {"_count": "desc"}}
    assert by_sum["3"]["terms"]["order"] == {"2": "desc"}


def test_metrics_are_computed_at_every_depth_so_that_each_may_order() -> None:
    found = asked(
        agg("1", "avg", field="n"),
        agg("2", "terms", "segment", field="a", orderBy="1"),
        agg("3", "terms", "group", field="b", orderBy="1"),
    )

    average = {"avg": {"field": "n"}}
    assert (found["1"], found["2"]["aggs"]["1"], found["2"]["aggs"]["3"]["aggs"]["1"]) == (
        average,
    ) * 3


def test_a_date_histogram_takes_the_interval_of_the_range() -> None:
    found = asked(agg("1", "count"), agg("2", "date_histogram", "segment", field="t"))

    assert found["2"]["date_histogram"] == {
        "field": "t",
        "fixed_interval": "30m",
        "min_doc_count": 1,
    }


def test_every_kind_of_bucket_is_asked_for() -> None:
    label = {"input": {"query": "a: b"}, "label": "Bees"}
    kinds = (
        agg("2", "histogram", "segment", field="n", interval=50),
        agg("3", "range", "segment", field="n", ranges=[{"from": 0, "to": 9}, {"from": 9}]),
        agg("4", "filters", "segment", filters=[label, {"input": {"query": "*"}}]),
    )

    found = [asked(agg("1", "count"), kind)[kind["id"]] for kind in kinds]

    assert found[0]["histogram"] == {"field": "n", "interval": 50, "min_doc_count": 1}
    assert found[1]["range"]["ranges"] == [
        {"key": "0 to 9", "from": 0, "to": 9},
        {"key": "9 to ∞", "from": 9},
    ]
    assert found[2]["filters"]["filters"] == {"Bees": {"match": {"a": "b"}}, "*": {"match_all": {}}}


def test_a_disabled_aggregation_is_left_out() -> None:
    found = asked(agg("1", "count"), agg("2", "sum", field="n") | {"enabled": False})

    assert set(found) == {queries.TREND}


def test_an_unknown_aggregation_is_refused_by_name() -> None:
    with pytest.raises(UnsupportedError, match="significant_terms"):
        asked(agg("1", "count"), agg("2", "significant_terms", "segment"))


def test_a_saved_search_shows_the_latest_documents_first() -> None:
    found = queries.documents({"sort": [["event.created", "asc"]]}, PATTERN, QUERY)
    unsorted = queries.documents({}, PATTERN, QUERY)

    assert found.body["sort"] == [{"event.created": {"order": "asc"}}]
    assert unsorted.body["sort"] == [{"@timestamp": {"order": "desc"}}]


def test_nested_buckets_become_rows() -> None:
    wanted = queries.aggregations(
        {
            "aggs": [
                agg("1", "count"),
                agg("2", "sum", field="source.bytes", customLabel="Bytes"),
                agg("3", "terms", "bucket", field="user.name", customLabel="User"),
                agg("4", "terms", "bucket", field="ok"),
            ]
        }
    )
    inner = {"buckets": [{"key": 1, "key_as_string": "true", "doc_count": 2, "2": {"value": 10.0}}]}
    answer = {
        "hits": {"total": {"value": 2}},
        "aggregations": {"3": {"buckets": [{"key": "alice", "doc_count": 2, "4": inner}]}},
    }

    found = rows.result(wanted, answer, PATTERN.formats, DAY)

    assert found.rows == [{"k0": "alice", "k1": "true", "v0": 2, "v1": 10.0}]
    assert [(one.title, one.field) for one in found.keys] == [("User", "user.name"), ("ok", "ok")]
    assert [(one.title, one.format["id"], one.additive) for one in found.values] == [
        ("Count", "number", True),
        ("Bytes", "bytes", True),
    ]


def test_the_curve_of_a_tile_leaves_out_steps_that_the_range_cuts() -> None:
    wanted = queries.aggregations({"aggs": [agg("1", "count")]})
    scope = Scope(TimeRange(START + HOUR // 2, START + 24 * HOUR + HOUR // 2))
    buckets = [{"key": START + n * HOUR, "doc_count": n} for n in range(25)]
    answer = {"aggregations": {queries.TREND: {"buckets": buckets}}}

    found = rows.trend(wanted, answer, scope)

    assert [row["v0"] for row in found] == list(range(1, 24))


def test_each_percentile_is_a_number_of_its_own() -> None:
    wanted = queries.aggregations({"aggs": [agg("1", "percentiles", field="d", percents=[50, 95])]})
    answer = {
        "hits": {"total": {"value": 2}},
        "aggregations": {"1": {"values": {"50.0": 3.0, "95.0": 9.0}}},
    }

    found = rows.result(wanted, answer, {}, DAY)

    assert found.rows == [{"v0": 3.0, "v1": 9.0}]
    assert [one.title for one in found.values] == ["50th percentile of d", "95th percentile of d"]


def test_labelled_filters_become_rows_by_label() -> None:
    wanted = queries.aggregations(
        {"aggs": [agg("1", "count"), agg("2", "filters", "segment", filters=[])]}
    )
    answer = {
        "hits": {"total": {"value": 3}},
        "aggregations": {"2": {"buckets": {"Bees": {"doc_count": 3}}}},
    }

    found = rows.result(wanted, answer, {}, DAY)

    assert found.rows == [{"k0": "Bees", "v0": 3}]


def test_vega_context_words_are_resolved_by_the_rules_of_opensearch_dashboards() -> None:
    body = {
        "size": 0,
        "aggs": {
            "t": {
                "date_histogram": {
                    "field": "@timestamp",
                    "interval": {"%autointerval%": True},
                    "extended_bounds": {
                        "min": {"%timefilter%": "min"},
                        "max": {"%timefilter%": "max"},
                    },
                }
            },
            "fixed": {"date_histogram": {"fixed_interval": {"%autointerval%": True}}},
        },
    }
    url = {"%context%": True, "%timefield%": "@timestamp", "index": "logs-*", "body": body}

    (found,) = vega_data.searches({"data": {"url": url}}, DAY)

    histogram = found.body["aggs"]["t"]["date_histogram"]
    assert (found.index, histogram["interval"]) == ("logs-*", "30m")
    assert histogram["extended_bounds"] == {"min": START, "max": START + 24 * HOUR}
    assert found.body["aggs"]["fixed"]["date_histogram"]["fixed_interval"] == {
        "%autointerval%": True
    }
    assert found.body["query"] == filters.within(DAY, "@timestamp", [])


def test_vega_clauses_take_the_place_of_their_words() -> None:
    query = {
        "bool": {
            "filter": [
                "%dashboard_context-filter_clause%",
                {"range": {"t": {"%timefilter%": True}}},
            ],
            "must_not": ["%dashboard_context-must_not_clause%"],
        }
    }
    url = {"index": "logs-*", "body": {"query": query}}

    (found,) = vega_data.searches({"data": [{"url": url}, {"values": []}]}, DAY)

    assert found.body["query"]["bool"] == {
        "filter": [
            {"match": {"user.name": "alice"}},
            {"range": {"t": {"gte": START, "lte": START + 24 * HOUR}}},
        ],
        "must_not": [],
    }


def test_vega_data_is_put_where_its_address_was() -> None:
    spec = {"data": {"url": {"index": "i"}, "format": {"property": "hits"}}}

    found = vega_data.with_answers(spec, [{"hits": 1}])

    assert found["data"] == {"values": {"hits": 1}, "format": {"property": "hits"}}
    assert spec["data"]["url"] == {"index": "i"}


def test_a_vega_query_beside_its_context_is_refused() -> None:
    url = {"%context%": True, "index": "i", "body": {"query": {}}}

    with pytest.raises(ObjectError, match="no query of its own"):
        vega_data.searches({"data": {"url": url}}, DAY)


def test_a_vega_specification_that_is_not_json_is_refused() -> None:
    with pytest.raises(ObjectError, match="not JSON"):
        vega_data.read_spec("{mark: bar}")
