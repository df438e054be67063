"""What the management account is asked for: a template, and commands for what no template can."""

import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

from infra.config import DeploymentConfig
from infra.delegation import DELEGATIONS, commands, places
from infra.management_template import by_hand, main, template
from tests.unit.test_config import write
from tests.unit.test_config_organisation_sources import TRAIL, section

EVERYTHING = section(
    trail=TRAIL,
    guardduty={"enabled": True},
    security_hub={"enabled": True, "targets": ["r-ab12"]},
    inspector={"enabled": True},
    config={"enabled": True},
    telemetry={"kinds": ["waf"]},
)


def configured(folder: Path, changes: dict[str, Any]) -> DeploymentConfig:
    return DeploymentConfig.load(write(folder, "sandbox", changes))


def test_services_with_regional_administrators_are_handed_over_in_every_region(
    tmp_path: Path,
) -> None:
    found = [f"{p.service} {p.region}" for p in places(configured(tmp_path, EVERYTHING))]

    assert found == [
        "trail us-east-1",
        *("guardduty us-east-1", "guardduty eu-west-1"),
        "security_hub us-east-1",
        *("inspector us-east-1", "inspector eu-west-1"),
        *("config us-east-1", "telemetry us-east-1"),
    ]


def test_trust_comes_before_what_is_handed_over(tmp_path: Path) -> None:
    found = list(commands(configured(tmp_path, EVERYTHING)))

    trusted = [c for c in found if "enable-aws-service-access" in c]
    assert found[: len(trusted)] == trusted
    assert len(trusted) == sum(len(d.principals) for d in DELEGATIONS.values())
    assert not [c for c in found if "{" in c]
    assert all("111111111111" in c for c in found[len(trusted) :])


def test_the_template_takes_one_command_off_the_list(tmp_path: Path) -> None:
    config = configured(tmp_path, EVERYTHING)
    resources = template(config)["Resources"]

    assert resources["SecurityHubAdministrator"]["Properties"] == {"AdminAccountId": "111111111111"}
    [saved] = set(commands(config)) - set(by_hand(config))
    assert saved.startswith("aws securityhub enable-organization-admin-account")


def test_nothing_is_asked_for_where_nothing_is_on(tmp_path: Path) -> None:
    config = configured(tmp_path, {})

    assert list(template(config)["Resources"]) == ["Nothing"]
    assert by_hand(config) == []


@pytest.mark.parametrize("changes", [{}, EVERYTHING], ids=["nothing", "everything"])
def test_cfn_lint_finds_nothing_in_the_template(changes: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "management.json"
    path.write_text(json.dumps(template(configured(tmp_path, changes))), encoding="utf-8")

    found = [f"{m.rule.id} {m.message}" for m in lint_file(path, ManualArgs(regions=["us-east-1"]))]

    assert [line for line in found if not line.startswith("W8001")] == []


def test_the_command_prints_the_template_and_beside_it_the_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configured(tmp_path, EVERYTHING)

    main(["-c", str(tmp_path / "changed.toml")])

    printed = capsys.readouterr()
    assert json.loads(printed.out)["Resources"]["TrailRole"]["Condition"]
    assert "aws cloudtrail register-organization-delegated-admin" in printed.err
