"""What preflight leaves for other accounts, and how its command line is refused."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ProfileNotFound

from infra.config import DeploymentConfig
from ops.cli import main
from ops.elsewhere import errands
from ops.preflight import CHECKS, IDENTITY
from ops.refusal import right, unless
from ops.view import Clients
from tests.unit.test_config import write

LISTED = {"accounts": ["222222222222"], "regions": ["us-east-1", "eu-west-1"]}
BUCKETS = [{"name": "own-logs"}, {"name": "their-logs", "account": "333333333333"}]


def configured(folder: Path, changes: dict[str, Any]) -> DeploymentConfig:
    return DeploymentConfig.load(write(folder, "sandbox", changes))


def test_each_listed_member_is_asked_in_each_region(tmp_path: Path) -> None:
    found = list(errands(configured(tmp_path, {"members": LISTED})))

    asked = {(e.account, e.command.split()[1], e.command.split()[-1]) for e in found}
    assert asked == {
        ("222222222222", "ssm", "us-east-1"),
        ("222222222222", "ssm", "eu-west-1"),
        ("222222222222", "logs", "us-east-1"),
        ("222222222222", "logs", "eu-west-1"),
    }


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, "nothing, or central-logs-us-east-1"),
        ({"parallel": True}, "nothing, or central-logs-us-east-1"),
        ({"mode": "centralise"}, "anything but central-logs-us-east-1"),
    ],
)
def test_a_centralised_member_must_not_be_subscribed_as_well(
    tmp_path: Path, chosen: dict[str, Any], expected: str
) -> None:
    found = errands(configured(tmp_path, {"members": {**LISTED, **chosen}}))

    [policies, *_] = [errand for errand in found if "describe-account-policies" in errand.command]
    assert policies.expected.startswith(expected)


def test_a_bucket_of_another_account_is_asked_there(tmp_path: Path) -> None:
    changes = {"members": {**LISTED, "accounts": []}, "objects": {"buckets": BUCKETS}}

    announced, read = errands(configured(tmp_path, changes))

    assert {announced.account, read.account} == {"333333333333"}
    assert "--bucket their-logs" in announced.command
    assert "arn:aws:sqs:us-east-1:111111111111:central-logs-objects" in announced.expected
    assert "get-bucket-policy --bucket their-logs" in read.command


def test_a_bucket_of_another_account_and_region_is_asked_for_its_rule(tmp_path: Path) -> None:
    far = {"name": "far-logs", "account": "333333333333", "region": "eu-west-1"}
    changes = {"members": {**LISTED, "accounts": []}, "objects": {"buckets": [far]}}

    announced, _ = errands(configured(tmp_path, changes))

    assert announced.command.endswith("--rule central-logs-far-logs --region eu-west-1")
    assert "event-bus/central-logs-objects" in announced.expected


def test_no_check_takes_a_right_to_change_anything() -> None:
    verbs = {right.partition(":")[2] for check in (IDENTITY, *CHECKS) for right in check.needs}

    assert {verb for verb in verbs if not verb.startswith(("Describe", "Get", "List"))} == set()


def no_profile(profile: str | None) -> Clients:
    raise ProfileNotFound(profile=str(profile))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["preflight", "--config", "absent.toml"], "absent.toml"),
        (["preflight", "--profile", "nobody"], "nobody"),
        ([], "command"),
    ],
)
def test_a_command_line_that_cannot_begin_says_why(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words, session=no_profile)

    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetParameter")


def test_the_missing_right_is_taken_from_the_words_of_aws() -> None:
    words = "User: arn:aws:iam::111111111111:user/a is not authorized to perform: ssm:GetParameter"

    assert right(refusal("AccessDeniedException", f"{words} on resource: x")) == "ssm:GetParameter"
    assert right(refusal("403", "Forbidden")) == ""


def test_only_the_named_codes_mean_that_nothing_is_there() -> None:
    def refuse() -> str:
        raise refusal("ThrottlingException", "Rate exceeded")

    assert unless({"ThrottlingException"}, refuse) is None
    with pytest.raises(ClientError, match="Rate exceeded"):
        unless({"ResourceNotFoundException"}, refuse)
