"""Before a deployment: a good account is all ok, and a fault is found with what puts it right."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from infra.names import CENTRAL_LOGS, policy_name, stack_name
from local.aws.organizations import ROOT_ID
from ops.answer import Answer, Finding
from ops.cli import main
from ops.preflight import CHECKS, IDENTITY
from tests.local import landscape as made
from tests.local.ground import REGIONS, STREAM, Ground, Json, Places, stack_of
from tests.local.ground_faults import (
    FAULTS,
    Fault,
    door,
    reserving_in_an_account_of_ten,
    shards_in_use,
    subscribe,
)

HOME, IRELAND = REGIONS


@pytest.fixture
def ground(places: Places, tmp_path: Path) -> Ground:
    return Ground(*next(places), tmp_path)


def wrong(findings: list[Finding]) -> dict[tuple[str, str], Answer]:
    return {(f.check, f.subject): f.answer for f in findings if f.answer.status != "ok"}


def test_a_good_account_is_ok_in_every_respect(ground: Ground) -> None:
    found = ground.look()

    assert wrong(found) == {}
    asked = {check.name for check in CHECKS if check.subjects(ground.config())}
    assert {f.check for f in found} == {IDENTITY.name, *asked}


def test_the_policy_that_is_printed_is_enough(ground: Ground) -> None:
    _, said = run(ground, "--policy")

    assert wrong(ground.look(ground.as_role(*json.loads(said)["Statement"]))) == {}


def test_without_any_right_every_check_says_which_it_needs(ground: Ground) -> None:
    found = wrong(ground.look(ground.as_role()))

    asked = (check for check in CHECKS if check.subjects(ground.config()))
    needs = {check.name: set(check.needs) for check in asked}
    denied = {key: a for key, a in found.items() if a.found == "could not look"}
    silent = needs.keys() - {check for check, _ in found}
    unplayed = {"Config aggregator", "Config recorder"}
    unrefused = {"region", "Lambda concurrency", "instance type", "portfolio access"}
    assert silent == unplayed | unrefused, "not refused by this cloud"
    registered = {
        ("administrator", f"{name} · {HOME}") for name in ("trail", "config", "telemetry")
    }
    assert denied.keys() ^ found.keys() == {
        ("organisation's accounts", HOME),
        ("delegated administrator", HOME),
        ("CloudWatch's trusted access", HOME),
        ("CloudWatch's delegated administrator", HOME),
        ("portfolio administrator", HOME),
        ("control policies of an account", ground.account),
        ("control policies of a unit", ROOT_ID),
        *registered,
    }
    for (check, _), answer in denied.items():
        assert set(answer.fix.removeprefix("allow ").split(", ")) <= needs[check]


def test_nothing_is_looked_at_in_another_account(ground: Ground) -> None:
    other = ground.cloud.client

    found = ground.look(lambda service, region: other(service, made.MEMBER, region))

    [only] = found
    assert (only.check, only.answer.status) == ("identity", "error")
    assert made.MEMBER in only.answer.found
    assert ground.account in only.answer.expected


def test_an_endpoint_that_does_not_answer_is_a_finding(ground: Ground) -> None:
    def unreachable() -> Json:
        raise EndpointConnectionError(endpoint_url="https://kinesis.us-east-1.amazonaws.com")

    ground.answers["kinesis"]["describe_limits"] = unreachable

    [answer] = wrong(ground.look()).values()

    assert (answer.status, answer.fix) == ("warning", "try again")
    assert "Could not connect" in answer.found


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}: {fault.fix}")
def test_a_fault_is_found_alone_and_with_its_fix(ground: Ground, fault: Fault) -> None:
    fault.spoil(ground)

    [((check, subject), answer)] = wrong(ground.look()).items()

    assert (check, answer.status) == (fault.check, fault.status)
    assert subject.startswith(fault.subject)
    assert fault.fix in answer.fix
    assert answer.found
    assert answer.expected


def test_an_account_that_runs_no_stack_sets_is_told_what_the_management_account_does(
    ground: Ground,
) -> None:
    ground.changes["central"] = {"account": made.OUTSIDER, "region": HOME}
    ground.secret = ground.secret.replace(ground.account, made.OUTSIDER)
    other = ground.cloud.client

    found = wrong(ground.look(lambda s, r: ground.beside(s, other(s, made.OUTSIDER, r))))

    answer = found["delegated administrator", HOME]
    assert answer.status == "error"
    assert f"register-delegated-administrator --account-id {made.OUTSIDER}" in answer.fix
    assert found["organisation", HOME].status == "error"
    access = found["CloudWatch's trusted access", HOME]
    assert "may not be asked from here" in access.found
    assert "enable-aws-service-access" in access.fix
    delegate = found["CloudWatch's delegated administrator", HOME]
    assert f"--account-id {made.OUTSIDER} --service-principal observabilityadmin" in delegate.fix


def test_a_log_group_that_is_subscribed_to_the_door_by_itself_comes_twice(ground: Ground) -> None:
    group = made.log_group(ground.cloud, ground.account, IRELAND)
    door_arn = f"arn:aws:logs:{IRELAND}:{ground.account}:destination:{CENTRAL_LOGS}"
    known = {"logGroupName": group, "filterName": "old", "destinationArn": door_arn}
    ground.answers["logs"] = {
        "describe_subscription_filters": lambda **_: {"subscriptionFilters": [known]}
    }

    [(about, answer)] = wrong(ground.look()).items()

    assert about == ("subscription filters", IRELAND)
    assert f"--log-group-name {group} --filter-name old" in answer.fix


def test_what_this_deployment_made_is_its_own(ground: Ground) -> None:
    stack_of(ground, stack_name("sandbox", "pipeline"), HOME, {"Stream": STREAM})
    shards_in_use(ground)
    reserving_in_an_account_of_ten(ground)

    assert wrong(ground.look()) == {}


def test_a_name_is_owned_by_kind(ground: Ground) -> None:
    stack_of(ground, stack_name("sandbox", "pipeline"), HOME, {"Stream": STREAM})
    ground.client("events").create_event_bus(Name=CENTRAL_LOGS)

    [about] = wrong(ground.look())

    assert about == ("name", "event bus · us-east-1")


def test_the_policy_that_sends_to_the_door_is_this_deployments_own(ground: Ground) -> None:
    arn = door(ground)
    allowed = made.allow(["logs:PutSubscriptionFilter", "logs:PutAccountPolicy"], arn)
    ground.client("logs", IRELAND).put_destination_policy(
        destinationName=CENTRAL_LOGS, accessPolicy=made.policy({**allowed, "Principal": "*"})
    )
    subscribe(ground, policy_name(IRELAND), arn)

    [(check, _)] = wrong(ground.look())

    assert check == "name", "the Destination itself, which no stack made"


def test_credentials_that_count_no_more_end_it(ground: Ground) -> None:
    def expired() -> Json:
        answer: Any = {"Error": {"Code": "ExpiredToken", "Message": "The token is expired"}}
        raise ClientError(answer, "GetCallerIdentity")

    ground.answers["sts"] = {"get_caller_identity": expired}

    [only] = ground.look()

    assert (only.check, only.answer.status) == ("identity", "error")
    assert "The token is expired" in only.answer.found


def test_what_another_stage_made_is_in_the_way(ground: Ground) -> None:
    stack_of(ground, stack_name("production", "pipeline"), HOME, {"Stream": STREAM})

    [(about, answer)] = wrong(ground.look()).items()

    assert about == ("name", "stream · us-east-1")
    assert "not of stack CentralLogs-sandbox-pipeline" in answer.found


def run(ground: Ground, *words: str) -> tuple[int, str]:
    """Exit code and output of one command line."""
    ground.config()
    said: list[str] = []
    code = main(
        ["preflight", "--config", str(ground.folder / "changed.toml"), *words],
        session=lambda _profile: ground.as_root,
        say=said.append,
    )
    return code, "\n".join(said)


def test_the_command_ends_well_without_errors_and_prints_what_is_left_for_others(
    ground: Ground,
) -> None:
    code, said = run(ground)

    assert code == 0
    assert "103 ok, 0 warnings, 0 errors" in said
    assert "any account of the units  $ aws logs describe-account-policies" in said


def test_the_command_fails_on_an_error_and_shows_its_fix(ground: Ground) -> None:
    ground.client("ssm", IRELAND).delete_parameter(Name="/cdk-bootstrap/hnb659fds/version")

    code, said = run(ground)

    assert code == 1
    assert "ERROR   bootstrap: eu-west-1\n        found     not bootstrapped\n" in said
    assert f"fix       node_modules/.bin/cdk bootstrap aws://{ground.account}/{IRELAND}" in said


def test_a_warning_does_not_fail_the_command(ground: Ground) -> None:
    ground.client("logs").create_log_group(logGroupName="/audit", logGroupClass="INFREQUENT_ACCESS")

    code, said = run(ground, "--json")

    [found] = [f for f in json.loads(said)["findings"] if f["status"] != "ok"]
    assert code == 0
    assert found == {
        "check": "log classes",
        "subject": HOME,
        "status": "warning",
        "found": "/audit of another class",
        "expected": "STANDARD; no other class can be subscribed, and a class cannot be changed",
        "fix": "write to a new group instead: aws logs create-log-group "
        f"--log-group-name /audit-standard --region {HOME}",
    }
