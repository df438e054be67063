"""Turns a panel into ``visState``: its type, its parameters and its aggregations.

Parameters that are not named here keep the defaults of OpenSearch Dashboards.

Reference: https://github.com/opensearch-project/OpenSearch-Dashboards/tree/main/src/plugins/vis_type_vislib
"""

from typing import Any

from dashboards.colours import COLOURS
from dashboards.model import (
    FUNCTIONS,
    Breakdown,
    Markdown,
    Metric,
    Panel,
    Table,
    Terms,
    Tiles,
    Timeline,
)

TIME_FIELD = "@timestamp"
TILE_FONT = 36  # points; 60, the default, does not fit a six-row tile
HUGE = 1_000_000_000  # upper end of a tile's last colour range; a larger number keeps its colour

type Json = dict[str, Any]
"""One JSON object."""


def vis_state(panel: Panel) -> Json:
    """``visState`` of a panel that is neither a saved search nor Vega.

    Returns:
        ``{"title", "type", "params", "aggs"}``; aggregation ids count up from ``"1"``, which is
        always the first metric.
    """
    params, aggs = _drawn(panel)
    numbered = [{"id": str(n), "enabled": True, **agg} for n, agg in enumerate(aggs, 1)]
    return {"title": panel.title, "type": panel.type, "params": params, "aggs": numbered}


def colours(panel: Panel) -> dict[str, str]:
    """Colour by series label, for panels that show the values of a field with a meaning."""
    match panel:
        case Timeline(split=Terms(field=field)):
            return COLOURS.get(field, {})
        case Breakdown(split=Terms(field=field)) | Breakdown(type="pie", by=Terms(field=field)):
            return COLOURS.get(field, {})
        case _:
            return {}


def _drawn(panel: Panel) -> tuple[Json, list[Json]]:
    match panel:
        case Tiles():
            return _tile_params(panel), [_metric(metric) for metric in panel.metrics]
        case Timeline():
            split = [_terms(panel.split, "group")] if panel.split else []
            aggs = [_metric(panel.metric), _over_time(), *split]
            return _axes(panel.type, panel.metric, horizontal=False), aggs
        case Breakdown(type="heatmap"):
            return HEATMAP, [_metric(panel.metric), _over_time(), _terms(panel.by, "group")]
        case Breakdown():
            split = [_terms(panel.split, "group")] if panel.split else []
            aggs = [_metric(panel.metric), _terms(panel.by, "segment"), *split]
            bars = panel.type == "horizontal_bar"
            return _axes("histogram", panel.metric, horizontal=True) if bars else RING, aggs
        case Table():
            rows = [_terms(by, "bucket") for by in panel.by]
            return TABLE, [*map(_metric, panel.metrics), *rows]
        case Markdown():
            return {"fontSize": 12, "openLinksInNewTab": True, "markdown": panel.text}, []
        case _:
            raise TypeError(f"{panel.type} is not drawn by aggregations")


def _metric(metric: Metric) -> Json:
    params = {"field": metric.field} if metric.field else {}
    return {
        "type": FUNCTIONS.get(metric.function, metric.function),
        "schema": "metric",
        "params": params | _labelled(metric.label),
    }


def _terms(terms: Terms, schema: str) -> Json:
    return {
        "type": "terms",
        "schema": schema,
        "params": {
            "field": terms.field,
            "size": terms.size,
            "order": "desc",
            "orderBy": "1",
            "otherBucket": False,
            "otherBucketLabel": "Other",
            "missingBucket": False,
            "missingBucketLabel": "Missing",
        }
        | _labelled(terms.label),
    }


def _over_time() -> Json:
    return {
        "type": "date_histogram",
        "schema": "segment",
        "params": {
            "field": TIME_FIELD,
            "interval": "auto",
            "useNormalizedOpenSearchInterval": True,
            "scaleMetricValues": False,
            "drop_partials": False,
            "min_doc_count": 1,
            "extended_bounds": {},
        },
    }


def _labelled(label: str) -> Json:
    return {"customLabel": label} if label else {}


def _tile_params(panel: Tiles) -> Json:
    alert_from = panel.alert_from
    ranges = [{"from": 0, "to": alert_from or HUGE}]
    if alert_from:
        ranges.append({"from": alert_from, "to": HUGE})
    return {
        "type": "metric",
        "addTooltip": True,
        "addLegend": False,
        "metric": {
            "percentageMode": False,
            "useRanges": False,
            "colorSchema": "Green to Red",
            "metricColorMode": "Labels" if alert_from else "None",
            "colorsRange": ranges,
            "labels": {"show": True},
            "invertColors": False,
            "style": {
                "bgFill": "#000",
                "bgColor": False,
                "labelColor": bool(alert_from),
                "subText": "",
                "fontSize": TILE_FONT,
            },
        },
    }


def _axes(drawn_as: str, metric: Metric, *, horizontal: bool) -> Json:
    """Parameters of the charts with two axes; ``drawn_as`` is histogram, line or area."""
    sides = ("left", "bottom") if horizontal else ("bottom", "left")
    label = metric.label or "Count"
    return {
        "type": drawn_as,
        "grid": {"categoryLines": False},
        "categoryAxes": [_axis("CategoryAxis-1", "category", sides[0]) | {"title": {}}],
        "valueAxes": [
            _axis("ValueAxis-1", "value", sides[1])
            | {"name": "LeftAxis-1", "title": {"text": label}}
        ],
        "seriesParams": [
            {
                "show": True,
                "type": drawn_as,
                "mode": "normal" if drawn_as == "line" else "stacked",
                "data": {"label": label, "id": "1"},
                "valueAxis": "ValueAxis-1",
                "drawLinesBetweenPoints": True,
                "lineWidth": 2,
                "showCircles": drawn_as == "line",
            }
        ],
        "addTooltip": True,
        "addLegend": True,
        "legendPosition": "right",
        "times": [],
        "addTimeMarker": False,
        "labels": {},
        "thresholdLine": {"show": False, "value": 10, "width": 1, "style": "full"},
    }


def _axis(id_: str, kind: str, position: str) -> Json:
    mode = {"mode": "normal"} if kind == "value" else {}
    return {
        "id": id_,
        "type": kind,
        "position": position,
        "show": True,
        "style": {},
        "scale": {"type": "linear"} | mode,
        "labels": {"show": True, "rotate": 0, "filter": kind == "value", "truncate": 100},
    }


RING: Json = {
    "type": "pie",
    "addTooltip": True,
    "addLegend": True,
    "legendPosition": "right",
    "isDonut": True,
    "labels": {"show": False, "values": True, "last_level": True, "truncate": 100},
}

HEATMAP: Json = {
    "type": "heatmap",
    "addTooltip": True,
    "addLegend": True,
    "legendPosition": "right",
    "enableHover": False,
    "times": [],
    "colorsNumber": 6,
    "colorSchema": "Blues",
    "setColorRange": False,
    "colorsRange": [],
    "invertColors": False,
    "percentageMode": False,
    "valueAxes": [
        {
            "show": False,
            "id": "ValueAxis-1",
            "type": "value",
            "scale": {"type": "linear", "defaultYExtents": False},
            "labels": {"show": False, "rotate": 0, "overwriteColor": False, "color": "black"},
        }
    ],
}

TABLE: Json = {
    "perPage": 10,
    "showPartialRows": False,
    "showMetricsAtAllLevels": False,
    "showTotal": False,
    "totalFunc": "sum",
    "percentageCol": "",
}
