"""The promises of the panel server: the right dashboards, told plainly, to this machine only."""

import http.client
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from local.home import REPOSITORY
from local.panels.errors import PanelError
from local.panels.server import PanelServer
from tests.local.panels_fake_search import FakeSearch, fake_search

COMPILED = REPOSITORY / "dashboards" / "compiled"
STATUS = {
    "rows": [
        {
            "account": "222222222222",
            "region": "eu-west-1",
            "dataset": "generic",
            "put": 3,
            "arrived": 2,
        }
    ],
    "totals": {"put": 3, "arrived": 2, "lost": 0, "duplicated": 0, "rejected": 1},
}
INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"


@pytest.fixture
def search() -> Iterator[FakeSearch]:
    with fake_search() as fake:
        yield fake


@pytest.fixture
def server(search: FakeSearch) -> Iterator[PanelServer]:
    with PanelServer(search.url, COMPILED, status=lambda: STATUS) as running:
        yield running


def asked(
    server: PanelServer, path: str, method: str = "GET", host: str | None = None
) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of one answer; the path is sent as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{server.port}")
    connection.endheaders()
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


def data(server: PanelServer, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked(server, path)[2])
    return found


def saved(
    folder: Path, *states: dict[str, Any], query: str = "", reference: str = "logs-*"
) -> Path:
    """A folder with one dashboard, ``d``, of these visualisations."""
    places, references, objects = [], [], []
    source = json.dumps(
        {"query": {"query": query, "language": "kuery"}, "filter": [], "indexRefName": INDEX}
    )
    for n, state in enumerate(states):
        grid = {"x": 0, "y": n * 5, "w": 48, "h": 5, "i": str(n)}
        places.append({"panelIndex": str(n), "gridData": grid, "panelRefName": f"panel_{n}"})
        references.append({"name": f"panel_{n}", "type": "visualization", "id": f"v{n}"})
        attributes = {
            "title": f"Panel {n}",
            "visState": json.dumps(state),
            "uiStateJSON": "{}",
            "kibanaSavedObjectMeta": {"searchSourceJSON": source},
        }
        index = [{"name": INDEX, "type": "index-pattern", "id": reference}]
        objects.append(
            {"type": "visualization", "id": f"v{n}", "attributes": attributes, "references": index}
        )
    pattern = {"title": "logs-*", "timeFieldName": "@timestamp"}
    objects.append(
        {"type": "index-pattern", "id": "logs-*", "attributes": pattern, "references": []}
    )
    dashboard = {"title": "D", "panelsJSON": json.dumps(places)}
    objects.append(
        {"type": "dashboard", "id": "d", "attributes": dashboard, "references": references}
    )
    lines = [*map(json.dumps, objects), json.dumps({"exportedCount": len(objects)})]
    (folder / "d.ndjson").write_text("\n".join(lines), encoding="utf-8")
    return folder


def count(kind: str = "metric", *more: dict[str, Any]) -> dict[str, Any]:
    metric = {"id": "1", "type": "count", "schema": "metric", "params": {}}
    return {"type": kind, "params": {}, "aggs": [metric, *more]}


def drawings(server: PanelServer, path: str = "/api/dashboards/d") -> list[dict[str, Any]]:
    return [panel["drawing"] for panel in data(server, path)["panels"]]


def test_the_front_door_leads_to_the_overview(server: PanelServer) -> None:
    status, headers, _ = asked(server, "/")

    assert (status, headers["location"]) == (302, "/d/overview")


def test_every_committed_dashboard_is_listed_and_has_a_page(server: PanelServer) -> None:
    listed = [one["id"] for one in data(server, "/api/dashboards")["dashboards"]]
    pages = [asked(server, f"/d/{id_}")[0] for id_ in listed]

    assert set(listed) == {file.stem for file in COMPILED.glob("*.ndjson")}
    assert set(pages) == {200}


@pytest.mark.parametrize("name", sorted(file.stem for file in COMPILED.glob("*.ndjson")))
def test_every_panel_of_a_committed_dashboard_is_drawn(server: PanelServer, name: str) -> None:
    panels = data(server, f"/api/dashboards/{name}")["panels"]

    problems = [one["title"] for one in panels if one["drawing"]["kind"] in {"error", "empty"}]
    assert problems == []


def test_a_dashboard_is_one_request_limited_to_its_time_range(
    server: PanelServer, search: FakeSearch
) -> None:
    found = data(server, "/api/dashboards/overview?from=2026-03-01&to=2026-03-02")

    assert (found["end_ms"] - found["start_ms"]) == 24 * 3_600_000
    limits = {
        json.dumps(next(iter(body["query"]["bool"]["filter"][0]["range"].values())))
        for _, body in search.searches
    }
    assert len(limits) == 1
    assert str(found["start_ms"]) in limits.pop()


def test_the_time_range_is_the_dashboards_own_by_default(server: PanelServer) -> None:
    found = data(server, "/api/dashboards/guardduty")

    assert (found["from"], found["to"]) == ("now-7d", "now")


def test_the_readers_query_and_clicks_limit_every_panel(
    server: PanelServer, search: FakeSearch
) -> None:
    query = quote("a: b")
    data(server, f"/api/dashboards/overview?q={query}&filter=c:d:e&exclude=f:g")

    asked_for = [
        {"match": {"a": "b"}},
        {"match_phrase": {"c": "d:e"}},
        {"bool": {"must_not": [{"match_phrase": {"f": "g"}}]}},
    ]
    assert search.searches
    for _, body in search.searches:
        assert body["query"]["bool"]["filter"][1:4] == asked_for


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/api/dashboards/nothing", 404, "there is no dashboard nothing"),
        ("/d/nothing", 404, "there is no dashboard nothing"),
        ("/elsewhere", 404, "there is nothing under /elsewhere"),
        (
            "/api/dashboards/overview?q=a%3A",
            400,
            "expected a field or a value at character 3, found the end",
        ),
        (
            "/api/dashboards/overview?from=never&to=now",
            400,
            '"never" is no time; expected "now-24h" or ISO 8601',
        ),
        ("/api/dashboards/overview?filter=x", 400, 'filter "x"; expected field:value'),
    ],
)
def test_an_error_is_json_that_names_the_cause(
    server: PanelServer, path: str, status: int, message: str
) -> None:
    found = asked(server, path)

    assert (found[0], json.loads(found[2])) == (status, {"error": message})


def test_a_search_server_that_is_away_is_said_so() -> None:
    with fake_search() as gone:
        url = gone.url
    with PanelServer(url, COMPILED) as server:
        status, _, body = asked(server, "/api/dashboards/overview")

    assert status == 502
    assert url in json.loads(body)["error"]


def test_a_refused_search_shows_in_its_own_panel_only(
    server: PanelServer, search: FakeSearch
) -> None:
    search.refused.add("logs-pipeline.rejects-*,logs-shared-*")

    panels = data(server, "/api/dashboards/overview")["panels"]

    broken = {one["title"]: one["drawing"] for one in panels if one["drawing"]["kind"] == "error"}
    message = "the search was refused: the field is too tired"
    assert broken == {"Latest rejects": {"kind": "error", "message": message}}


def test_panels_without_data_say_so_and_tiles_say_zero(search: FakeSearch, tmp_path: Path) -> None:
    search.empty = True
    split = {
        "id": "2",
        "type": "terms",
        "schema": "segment",
        "params": {"field": "a", "orderBy": "1"},
    }
    with PanelServer(search.url, saved(tmp_path, count(), count("pie", split))) as server:
        tile, ring = drawings(server)

    assert (tile["kind"], tile["tiles"][0]["value"]) == ("tiles", 0)
    assert ring == {"kind": "empty"}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (count("gauge"), "charts of type gauge are not drawn here"),
        (count("pie"), "a pie without a metric or without a bucket"),
        (
            {"type": "metric", "params": {}, "aggs": []},
            "a metric without a metric or without a bucket",
        ),
        ({"type": "vega", "params": {"spec": "{"}}, "the Vega specification is not JSON"),
        ({"params": {}}, "'type' is missing"),
    ],
)
def test_a_panel_that_cannot_be_drawn_says_why_beside_one_that_can(
    search: FakeSearch, tmp_path: Path, state: dict[str, Any], message: str
) -> None:
    with PanelServer(search.url, saved(tmp_path, state, count())) as server:
        broken, whole = drawings(server)

    assert broken["kind"] == "error"
    assert message in broken["message"]
    assert whole["kind"] == "tiles"


def test_a_panel_whose_query_cannot_be_read_says_why(search: FakeSearch, tmp_path: Path) -> None:
    with PanelServer(search.url, saved(tmp_path, count(), query="a: (")) as server:
        (found,) = drawings(server)

    assert found["message"] == "expected a field or a value at character 5, found the end"


def test_a_panel_whose_index_pattern_is_missing_says_so(search: FakeSearch, tmp_path: Path) -> None:
    with PanelServer(search.url, saved(tmp_path, count(), reference="gone")) as server:
        (found,) = drawings(server)

    assert found["message"] == "there is no index-pattern gone"


def test_an_edited_dashboard_shows_without_a_restart(search: FakeSearch, tmp_path: Path) -> None:
    with PanelServer(search.url, saved(tmp_path, count())) as server:
        before = drawings(server)
        saved(tmp_path, count(), count())
        after = drawings(server)

    assert (len(before), len(after)) == (1, 2)


def test_a_line_that_is_no_saved_object_is_named(search: FakeSearch, tmp_path: Path) -> None:
    (tmp_path / "x.ndjson").write_text('{"type": "search"}\n', encoding="utf-8")
    with PanelServer(search.url, tmp_path) as server:
        status, _, body = asked(server, "/api/dashboards")

    assert status == 500
    assert "x.ndjson, line 1 is not a saved object" in body


def test_the_reconciliation_is_passed_on(server: PanelServer) -> None:
    assert data(server, "/api/status") == {"status": STATUS}


def test_without_a_demo_there_is_no_reconciliation(search: FakeSearch) -> None:
    with PanelServer(search.url, COMPILED) as server:
        assert data(server, "/api/status") == {"status": None}


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/vendor/../../package.json",
        "/static/",
        "/static//etc/passwd",
        "//etc/passwd",
        "/vendor/vega.js",
    ],
)
def test_no_other_file_is_served(server: PanelServer, path: str) -> None:
    status, headers, _ = asked(server, path)

    assert (status, headers["content-type"]) == (404, "application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/static/page.js", "text/javascript; charset=utf-8"),
        ("/static/page.css", "text/css; charset=utf-8"),
        ("/vendor/vega-lite.min.js", "text/javascript; charset=utf-8"),
    ],
)
def test_the_page_comes_with_its_own_files(server: PanelServer, path: str, type_: str) -> None:
    status, headers, body = asked(server, path)

    assert (status, headers["content-type"]) == (200, type_)
    assert body


@pytest.mark.parametrize(
    "path", ["/d/overview", "/api/dashboards", "/elsewhere", "/static/page.js"]
)
def test_every_answer_forbids_foreign_code_and_frames(server: PanelServer, path: str) -> None:
    _, headers, _ = asked(server, path)

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
def test_only_get_is_answered(server: PanelServer, method: str) -> None:
    status, _, _ = asked(server, "/api/dashboards", method)

    assert status == 501


def test_another_name_for_this_machine_is_refused(server: PanelServer) -> None:
    status, _, body = asked(server, "/api/dashboards", host="attacker.example.com:80")

    assert status == 421
    assert "dashboards" not in body


def test_a_taken_port_is_named(server: PanelServer, search: FakeSearch) -> None:
    with pytest.raises(PanelError, match=f"port {server.port} of 127.0.0.1 cannot be used"):
        PanelServer(search.url, COMPILED, port=server.port)


def test_an_address_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(ValueError, match="expected http"):
        PanelServer("file:///etc/passwd", COMPILED)


def test_the_command_serves_until_it_is_told_to_end(search: FakeSearch) -> None:
    command = [sys.executable, "-m", "local.panels", search.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY, text=True) as process:  # noqa: S603  fixed arguments
        assert process.stdout
        url = process.stdout.readline().strip()
        with urllib.request.urlopen(f"{url}/api/dashboards", timeout=10) as response:  # noqa: S310  our own loopback URL
            listed = json.load(response)["dashboards"]
        process.terminate()
        code = process.wait(timeout=10)

    assert listed
    assert code == 0
