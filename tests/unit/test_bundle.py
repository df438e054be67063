"""What a function's folder holds, and that the same sources make the same folder."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from infra.bundle import PACKAGES, code_only
from infra.constructs.search.search_setup import digest
from lambdas.check_log_groups.settings import Settings as CheckSettings
from lambdas.enrol_organisation.settings import Settings as EnrolmentSettings
from lambdas.normalise.settings import Settings as NormaliseSettings
from lambdas.prepare_network.settings import Settings as PrepareNetworkSettings
from lambdas.read_objects.settings import Settings as ReadObjectsSettings
from lambdas.search_setup.settings import Settings as SearchSetupSettings
from lambdas.settings import EnvSettings
from lambdas.snapshot_organisation.settings import Settings as SnapshotSettings

ROLE = "arn:aws:iam::111111111111:role/some"
DELIVERY: dict[str, Any] = {
    "account": "111111111111",
    "own_logs": "/central-logs/",
    "delivery_stream": "documents",
    "endpoint": "https://search.example.com",
    "index": "logs-inbox",
    "sinks": {"*": "firehose", "aws.vpcflow": "direct"},
    "reject_bucket": "archive",
    "reject_prefix": "rejects/",
    "keep_original": (),
    "overrides": {},
    "source_options": {},
    "rules_file": "",
    "redaction_key": "",
}
SETTINGS: dict[str, EnvSettings] = {
    "check_log_groups": CheckSettings(door_arn=ROLE, reader_role="reader", excluded=()),
    "normalise": NormaliseSettings(**DELIVERY),
    "prepare_network": PrepareNetworkSettings(closed_group=""),
    "read_objects": ReadObjectsSettings(
        **DELIVERY, queue_url="https://sqs.example.com/q", reserve_seconds=60
    ),
    "enrol_organisation": EnrolmentSettings(account="111111111111", when_removed="keep"),
    "search_setup": SearchSetupSettings(
        endpoint="https://search.example.com",
        master_role_arn=ROLE,
        setup_role_arn=ROLE,
        writer_role_arns=(ROLE,),
        analysts=(),
        authors=(),
        break_glass=(),
        identity_pool="",
        guest_role_arn="",
        index="logs-inbox",
        periods={"*": "day"},
        retention_days={"*": {"delete": 7}},
        shards=1,
        replicas=0,
    ),
    "snapshot_organisation": SnapshotSettings(
        organisation="o-exampleorgid", bucket="archive", key="enrichment/organisation.json"
    ),
}
CREDENTIALS = {  # what Lambda gives a function of its role
    "AWS_ACCESS_KEY_ID": "made-up",
    "AWS_SECRET_ACCESS_KEY": "made-up",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(params=sorted(PACKAGES))
def function(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_sources_make_the_same_folder(function: str, tmp_path: Path) -> None:
    once, again = (Path(code_only(tmp_path / name)(function)) for name in ("once", "again"))

    assert hashes(once) == hashes(again)
    assert len(hashes(once)) > 5


def test_nothing_is_left_from_an_earlier_folder(function: str, tmp_path: Path) -> None:
    bundle = code_only(tmp_path)
    stale = Path(bundle(function)) / "stale.py"
    stale.touch()

    bundle(function)

    assert not stale.exists()


def test_what_only_developers_read_stays_at_home(function: str, tmp_path: Path) -> None:
    folder = Path(code_only(tmp_path)(function))

    found = [path for path in folder.rglob("*") if path.name in {"__pycache__", "cases"}]

    assert found == []
    assert list(folder.rglob("README.md")) == []


def test_fields_travel_with_their_sources(function: str, tmp_path: Path) -> None:
    folder = Path(code_only(tmp_path)(function))
    reads_logs = "logcore" in PACKAGES[function]

    assert (folder / "logcore" / "sources" / "generic" / "fields.toml").is_file() is reads_logs


def test_a_function_has_its_own_package_and_no_others(function: str, tmp_path: Path) -> None:
    folder = Path(code_only(tmp_path)(function))
    others = set(PACKAGES) - {function}

    assert (folder / "lambdas" / function / "handler.py").is_file()
    assert (folder / "lambdas" / "settings.py").is_file()
    assert [other for other in others if (folder / "lambdas" / other).exists()] == []


def test_only_setup_brings_dashboards(tmp_path: Path) -> None:
    bundle = code_only(tmp_path)

    assert list(Path(bundle("search_setup"), "dashboards", "compiled").glob("*.ndjson"))
    assert not Path(bundle("normalise"), "dashboards").exists()


def test_a_handler_starts_from_its_folder_and_its_settings_alone(
    function: str, tmp_path: Path
) -> None:
    """Wheels come from this environment, code from the folder only: ``-I`` hides the repository."""
    folder = code_only(tmp_path)(function)
    code = f"""
import json, sys
sys.path.insert(0, {folder!r})
import lambdas.{function}.handler as found
own = [m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in ("lambdas", "logcore")]
print(json.dumps({{"callable": callable(found.handler), "own": [f for f in own if f]}}))
"""
    started = subprocess.run(  # noqa: S603  our own interpreter and text
        [sys.executable, "-I", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**SETTINGS[function].to_env(), **CREDENTIALS, "PATH": os.defpath},
    )

    assert started.returncode == 0, started.stderr
    found = json.loads(started.stdout.splitlines()[-1])
    assert found["callable"]
    assert found["own"]
    assert [file for file in found["own"] if not file.startswith(folder)] == []


def test_what_a_deployment_tells_a_function_lies_in_its_folder_and_no_other(tmp_path: Path) -> None:
    bundle = code_only(tmp_path)

    told = Path(bundle("normalise", {"rules.json": "{}"}))

    assert (told / "rules.json").read_text(encoding="utf-8") == "{}"
    assert not (Path(bundle("search_setup")) / "rules.json").exists()


def test_setups_digest_follows_code_and_dashboards(tmp_path: Path) -> None:
    folder = Path(code_only(tmp_path)("search_setup"))
    before = digest(str(folder))

    (dashboard, *_) = (folder / "dashboards").rglob("*.ndjson")
    dashboard.write_bytes(dashboard.read_bytes() + b"\n")

    assert digest(str(folder)) != before
