"""A search server in memory: gives every aggregation plausible buckets, and keeps the requests."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

HOUR_MS = 3_600_000
VALUES: dict[str, list[Any]] = {  # the values of a field; others get made-up ones
    "event.outcome": ["success", "failure"],
    "event.action": ["accept", "reject"],
    "cloud.account.id": ["222222222222", "333333333333"],
    "cloudtrail.read_only": [1, 0],
    "destination.port": [443, 22],
    "guardduty.severity_label": ["Low", "High", "Critical"],
}
SOURCE = {
    "@timestamp": "2026-03-01T12:00:00.000Z",
    "event": {"action": "ConsoleLogin", "outcome": "failure"},
    "user.name": "alice",
}

type Json = dict[str, Any]


class FakeSearch:
    """What the server answers, and what it was asked.

    Attributes:
        url: Where it listens.
        searches: Every ``(index, body)``, oldest first.
        refused: Index patterns for which every search is an error.
        empty: Whether nothing is found.
        values: What terms of a field are; a field without gets made-up ones.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.searches: list[tuple[str, Json]] = []
        self.refused: set[str] = set()
        self.empty = False
        self.values = dict(VALUES)

    def answer(self, index: str, body: Json) -> Json:
        """The response to one search of a ``_msearch``."""
        self.searches.append((index, body))
        if index in self.refused:
            cause = {"type": "illegal_argument_exception", "reason": "the field is too tired"}
            return {"error": {"root_cause": [cause], "type": cause["type"]}, "status": 400}
        count = 0 if self.empty else 12
        hits = [{"_source": SOURCE}] * (count if body.get("size", 10) else 0)
        found: Json = {"hits": {"total": {"value": count}, "hits": hits}}
        if "aggs" in body:
            found["aggregations"] = self._aggregations(body["aggs"], start_ms(body), count)
        return found

    def _aggregations(self, aggs: Json, start: int, count: int) -> Json:
        return {name: self._aggregation(agg, start, count) for name, agg in aggs.items()}

    def _aggregation(self, agg: Json, start: int, count: int) -> Json:
        below = agg.get("aggs", {})
        kind, params = next((key, value) for key, value in agg.items() if key != "aggs")
        if kind == "filter":
            return {"doc_count": count, **self._aggregations(below, start, count)}
        if kind == "percentiles":
            return {"values": {f"{percent:.1f}": 7.5 for percent in params["percents"]}}
        if kind not in {"terms", "date_histogram", "histogram", "range", "filters"}:
            return {"value": None if self.empty else 4.0}
        keys = [] if self.empty else self._keys(kind, params, start)
        made = [(key, self._aggregations(below, start, n)) for n, key in enumerate(keys, 3)]
        buckets = [
            {**inner, **_key(key, kind), "doc_count": n} for n, (key, inner) in enumerate(made, 3)
        ]
        return {"buckets": dict(zip(keys, buckets, strict=True)) if kind == "filters" else buckets}

    def _keys(self, kind: str, params: Json, start: int) -> list[Any]:
        if kind == "date_histogram":
            return [start + n * HOUR_MS for n in range(6)]
        if kind == "terms":
            return self.values.get(
                params["field"], [f"{params['field']} {letter}" for letter in "abc"]
            )
        if kind == "range":
            return [one["key"] for one in params["ranges"]]
        return list(params["filters"]) if kind == "filters" else [0, 50]


def start_ms(body: Json) -> int:
    """The start of the time range that a search is limited to."""
    clauses = body["query"]["bool"]["filter"]
    start: int = next(iter(clauses[0]["range"].values()))["gte"]
    return start


@contextmanager
def fake_search() -> Iterator[FakeSearch]:
    """A server that listens on a free port of 127.0.0.1 until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            lines = [json.loads(line) for line in self.rfile.read(length).splitlines()]
            pairs = zip(lines[::2], lines[1::2], strict=True)
            answers = [fake.answer(header["index"], body) for header, body in pairs]
            self._send(json.dumps({"responses": answers}).encode())

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeSearch(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _key(key: Any, kind: str) -> Json:
    boolean = kind == "terms" and key in (0, 1)
    return {"key": key} | ({"key_as_string": "true" if key else "false"} if boolean else {})
