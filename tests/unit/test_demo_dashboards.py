"""Which dashboards a demonstration shows."""

from pathlib import Path

from local.demo.dashboards import dashboards_of


def test_the_overview_and_the_dashboards_of_what_was_put_are_shown(tmp_path: Path) -> None:
    folder = dashboards_of({"aws.vpcflow", "generic", "pipeline.rejects"}, tmp_path / "shown")

    shown = sorted(file.name for file in folder.iterdir())
    assert shown == ["generic.ndjson", "overview.ndjson", "vpc_flow.ndjson"]
