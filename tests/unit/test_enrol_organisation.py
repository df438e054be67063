"""Enrolment: the same again changes nothing, what is there is adopted, delete leaves it on."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber

from lambdas.enrol_organisation.handler import handler
from lambdas.enrol_organisation.request import EnrolmentError, Request
from lambdas.enrol_organisation.run import PATIENCE_S, run
from lambdas.enrol_organisation.services import SERVICES, Work
from lambdas.enrol_organisation.settings import Settings
from tests.unit.test_normalise_handler import Context

type Json = dict[str, Any]

HOME, IRELAND = "us-east-1", "eu-west-1"
OWN, SHOP, PLATFORM, OUTSIDE = "111111111111", "222222222222", "333333333333", "999999999999"
ARN = f"arn:aws:cloudtrail:{HOME}:{OUTSIDE}:trail/central-logs"
DETECTOR = "12abc34d567e8fa901bc2d34e56789f0"

TRAIL: Json = {
    "arn": ARN,
    "name": "central-logs",
    "bucket": "example-org-trail",
    "key": f"arn:aws:kms:{HOME}:{OWN}:key/11111111-2222-3333-4444-555555555555",
    "log_group": f"arn:aws:logs:{HOME}:{OWN}:log-group:/aws/cloudtrail/central-logs:*",
    "log_role": f"arn:aws:iam::{OWN}:role/trail",
    "selectors": [
        {
            "Name": "Management events",
            "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
        }
    ],
    "insights": ["ApiCallRateInsight"],
}
GUARDDUTY: Json = {
    "members": "ALL",
    "features": {"S3_DATA_EVENTS": "NONE", "RUNTIME_MONITORING": "NEW"},
    "agents": ["EC2_AGENT_MANAGEMENT"],
    "frequency": "FIFTEEN_MINUTES",
}
INSPECTOR: Json = {"scans": ["EC2", "ECR"], "existing_members": True}
CHOICES: dict[str, Json] = {
    "guardduty": GUARDDUTY,
    "inspector": INSPECTOR,
    "security_hub": {"linked_regions": [IRELAND]},
    "telemetry": {"regions": [IRELAND]},
    "trail": TRAIL,
}


class Fake:
    """boto3's own clients, which check requests against AWS's model, and a script of answers."""

    def __init__(self) -> None:
        self._stubs: dict[tuple[str, str], tuple[Any, Stubber]] = {}

    def __call__(self, service: str, region: str) -> Any:
        return self._stub(service, region)[0]

    def answers(
        self, service: str, operation: str, answer: Json, asked: Json, region: str = HOME
    ) -> None:
        self._stub(service, region)[1].add_response(operation, answer, asked)

    def refuses(self, service: str, operation: str, code: str, region: str = HOME) -> None:
        self._stub(service, region)[1].add_client_error(operation, code)

    def all_asked(self) -> None:
        for _, stub in self._stubs.values():
            stub.assert_no_pending_responses()

    def _stub(self, service: str, region: str) -> tuple[Any, Stubber]:
        if (service, region) not in self._stubs:
            client = boto3.client(
                service,  # type: ignore[call-overload]  # any service
                region_name=region,
                aws_access_key_id="x",
                aws_secret_access_key="x",
            )
            stub = Stubber(client)
            stub.activate()
            self._stubs[service, region] = client, stub
        return self._stubs[service, region]


@pytest.fixture
def aws() -> Iterator[Fake]:
    fake = Fake()
    yield fake
    fake.all_asked()


def work(
    aws: Fake, service: str, kind: str = "Create", *, when_removed: str = "keep", **choices: Any
) -> Work:
    request = Request(
        kind=kind, service=service, region=HOME, choices={**CHOICES[service], **choices}
    )
    return Work(request, aws, Settings(account=OWN, when_removed=when_removed))


def never(_seconds: float) -> None:
    raise AssertionError("nothing is to be waited for")


def ticking() -> Callable[[], float]:
    """A clock that shows ten seconds more each time."""
    seconds = iter(range(0, 1_000, 10))
    return lambda: float(next(seconds))


def settings_of_the_trail(*, log: bool = True) -> Json:
    return {
        "S3BucketName": TRAIL["bucket"],
        "KmsKeyId": TRAIL["key"],
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "EnableLogFileValidation": True,
        "RecursiveLogging": False,
        **(
            {
                "CloudWatchLogsLogGroupArn": TRAIL["log_group"],
                "CloudWatchLogsRoleArn": TRAIL["log_role"],
            }
            if log
            else {}
        ),
    }


def logs_what_was_chosen(aws: Fake, insights: Iterable[str]) -> None:
    aws.answers(
        "cloudtrail",
        "put_event_selectors",
        {},
        {"TrailName": ARN, "AdvancedEventSelectors": TRAIL["selectors"]},
    )
    chosen = [{"InsightType": kind} for kind in insights]
    asked = {"TrailName": ARN, "InsightSelectors": chosen}
    aws.answers("cloudtrail", "put_insight_selectors", {}, asked)
    aws.answers("cloudtrail", "start_logging", {}, {"Name": ARN})


def test_a_trail_is_made_for_the_organisation_without_a_log_of_its_own_delivery(aws: Fake) -> None:
    aws.refuses("cloudtrail", "update_trail", "TrailNotFoundException")
    asked = {"Name": "central-logs", "IsOrganizationTrail": True, **settings_of_the_trail()}
    aws.answers("cloudtrail", "create_trail", {"TrailARN": ARN}, asked)
    logs_what_was_chosen(aws, ["ApiCallRateInsight"])

    assert run(work(aws, "trail"), pause=never) == f"made {ARN}"


def test_a_trail_without_a_log_group_is_made_without_one(aws: Fake) -> None:
    aws.refuses("cloudtrail", "update_trail", "TrailNotFoundException")
    asked = {
        "Name": "central-logs",
        "IsOrganizationTrail": True,
        **settings_of_the_trail(log=False),
    }
    aws.answers("cloudtrail", "create_trail", {"TrailARN": ARN}, asked)
    logs_what_was_chosen(aws, [])

    run(work(aws, "trail", log_group="", log_role="", insights=[]), pause=never)


def test_a_trail_that_is_there_is_changed_by_its_arn_and_its_log_group_taken_away(
    aws: Fake,
) -> None:
    asked = {
        "Name": ARN,
        "CloudWatchLogsLogGroupArn": "",
        "CloudWatchLogsRoleArn": "",
        **settings_of_the_trail(log=False),
    }
    aws.answers("cloudtrail", "update_trail", {}, asked)
    logs_what_was_chosen(aws, ["ApiCallRateInsight"])

    changed = run(work(aws, "trail", "Update", log_group="", log_role=""), pause=never)

    assert changed == f"changed {ARN}"


def test_a_detector_that_is_there_is_adopted(aws: Fake) -> None:
    aws.answers("guardduty", "list_detectors", {"DetectorIds": [DETECTOR]}, {})
    agent = {"Name": "EC2_AGENT_MANAGEMENT"}
    aws.answers(
        "guardduty",
        "update_detector",
        {},
        {
            "DetectorId": DETECTOR,
            "Enable": True,
            "FindingPublishingFrequency": "FIFTEEN_MINUTES",
            "Features": [
                {"Name": "S3_DATA_EVENTS", "Status": "DISABLED"},
                {
                    "Name": "RUNTIME_MONITORING",
                    "Status": "ENABLED",
                    "AdditionalConfiguration": [{**agent, "Status": "ENABLED"}],
                },
            ],
        },
    )
    aws.answers(
        "guardduty",
        "update_organization_configuration",
        {},
        {
            "DetectorId": DETECTOR,
            "AutoEnableOrganizationMembers": "ALL",
            "Features": [
                {"Name": "S3_DATA_EVENTS", "AutoEnable": "NONE"},
                {
                    "Name": "RUNTIME_MONITORING",
                    "AutoEnable": "NEW",
                    "AdditionalConfiguration": [{**agent, "AutoEnable": "NEW"}],
                },
            ],
        },
    )

    run(work(aws, "guardduty"), pause=never)


def test_a_detector_that_is_not_there_is_made(aws: Fake) -> None:
    aws.answers("guardduty", "list_detectors", {"DetectorIds": []}, {})
    asked = {"Enable": True, "FindingPublishingFrequency": ANY, "Features": ANY}
    aws.answers("guardduty", "create_detector", {"DetectorId": DETECTOR}, asked)
    organisation = {
        "DetectorId": DETECTOR,
        "AutoEnableOrganizationMembers": "ALL",
        "Features": ANY,
    }
    aws.answers("guardduty", "update_organization_configuration", {}, organisation)

    assert run(work(aws, "guardduty"), pause=never) == f"detector {DETECTOR}, members ALL"


def organisation_of(aws: Fake, *accounts: str, closed: str = "") -> None:
    listed = [{"Id": account, "State": "ACTIVE"} for account in accounts]
    listed += [{"Id": closed, "State": "SUSPENDED"}] if closed else []
    aws.answers("organizations", "list_accounts", {"Accounts": listed}, {})


def enabled(aws: Fake, *accounts: str, failed: Iterable[Json] = ()) -> None:
    asked = {"accountIds": list(accounts), "resourceTypes": ["EC2", "ECR"]}
    aws.answers("inspector2", "enable", {"accounts": [], "failedAccounts": list(failed)}, asked)


def scanning_of_new_accounts(aws: Fake, *on: str) -> None:
    asked = {key: key in on for key in ("ec2", "ecr", "lambda", "lambdaCode")}
    aws.answers(
        "inspector2",
        "update_organization_configuration",
        {"autoEnable": asked},
        {"autoEnable": asked},
    )


def test_inspector_says_what_is_scanned_before_accounts_become_members(aws: Fake) -> None:
    organisation_of(aws, SHOP, OWN, PLATFORM, closed=OUTSIDE)
    enabled(aws, OWN)
    scanning_of_new_accounts(aws, "ec2", "ecr")
    aws.answers(
        "inspector2", "list_members", {"members": [{"accountId": SHOP}]}, {"onlyAssociated": True}
    )
    aws.answers("inspector2", "associate_member", {"accountId": PLATFORM}, {"accountId": PLATFORM})
    enabled(aws, SHOP)

    assert run(work(aws, "inspector"), pause=never) == "EC2, ECR here and in 2 accounts"


def test_inspector_leaves_accounts_that_are_there_alone_where_so_chosen(aws: Fake) -> None:
    organisation_of(aws, OWN, SHOP)
    enabled(aws, OWN)
    scanning_of_new_accounts(aws, "ec2", "ecr")

    run(work(aws, "inspector", existing_members=False), pause=never)


def test_inspector_takes_a_hundred_accounts_at_once(aws: Fake) -> None:
    many = [f"2{number:011}" for number in range(101)]
    organisation_of(aws, OWN, *many)
    enabled(aws, OWN)
    scanning_of_new_accounts(aws, "ec2", "ecr")
    members = [{"accountId": account} for account in many]
    aws.answers("inspector2", "list_members", {"members": members}, {"onlyAssociated": True})
    enabled(aws, *many[:100])
    enabled(aws, many[100])

    run(work(aws, "inspector"), pause=never)


def failure(code: str) -> Json:
    return {"accountId": OWN, "errorCode": code, "errorMessage": "words of AWS"}


def test_an_account_that_is_scanned_already_is_no_failure(aws: Fake) -> None:
    organisation_of(aws, OWN)
    enabled(aws, OWN, failed=[failure("ALREADY_ENABLED")])
    scanning_of_new_accounts(aws, "ec2", "ecr")

    run(work(aws, "inspector", existing_members=False), pause=never)


def test_an_account_that_cannot_be_scanned_is_told_with_its_reason(aws: Fake) -> None:
    organisation_of(aws, OWN)
    enabled(aws, OWN, failed=[failure("SSM_UNAVAILABLE")])

    with pytest.raises(EnrolmentError, match=f"{OWN} SSM_UNAVAILABLE: words of AWS"):
        run(work(aws, "inspector"), pause=never)


def test_a_hub_and_an_aggregator_that_are_there_are_adopted(aws: Fake) -> None:
    aws.refuses("securityhub", "enable_security_hub", "ResourceConflictException")
    known = f"arn:aws:securityhub:{HOME}:{OWN}:finding-aggregator/1"
    found = {"FindingAggregators": [{"FindingAggregatorArn": known}]}
    aws.answers("securityhub", "list_finding_aggregators", found, {})
    linked = {"RegionLinkingMode": "SPECIFIED_REGIONS", "Regions": [IRELAND]}
    asked = {"FindingAggregatorArn": known, **linked}
    aws.answers("securityhub", "update_finding_aggregator", {}, asked)

    assert run(work(aws, "security_hub"), pause=never) == "hub found, 1 regions linked"


def test_a_hub_of_one_region_is_made_and_links_none(aws: Fake) -> None:
    asked = {"EnableDefaultStandards": False, "ControlFindingGenerator": "SECURITY_CONTROL"}
    aws.answers("securityhub", "enable_security_hub", {}, asked)
    aws.answers("securityhub", "list_finding_aggregators", {"FindingAggregators": []}, {})
    aws.answers("securityhub", "create_finding_aggregator", {}, {"RegionLinkingMode": "NO_REGIONS"})

    run(work(aws, "security_hub", linked_regions=[]), pause=never)


STATUS = "get_telemetry_evaluation_status_for_organization"


@pytest.mark.parametrize("status", ["NOT_STARTED", "STOPPED", "FAILED_START"])
def test_the_look_at_resources_is_begun_where_nobody_looks(aws: Fake, status: str) -> None:
    aws.answers("observabilityadmin", STATUS, {"Status": status}, {})
    begin = "start_telemetry_evaluation_for_organization"
    aws.answers("observabilityadmin", begin, {}, {"Regions": [IRELAND]})

    assert run(work(aws, "telemetry"), pause=never) == "started"


def test_who_looks_already_goes_on(aws: Fake) -> None:
    aws.answers("observabilityadmin", STATUS, {"Status": "RUNNING"}, {})

    assert run(work(aws, "telemetry"), pause=never) == "was RUNNING"


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_deleted_resource_leaves_its_service_on(aws: Fake, service: str) -> None:
    assert "stays on" in run(work(aws, service, "Delete"), pause=never)


def test_a_trail_is_deleted_where_the_deployment_says_so(aws: Fake) -> None:
    aws.answers("cloudtrail", "delete_trail", {}, {"Name": ARN})

    run(work(aws, "trail", "Delete", when_removed="switch_off"), pause=never)


def test_a_trail_that_is_gone_is_no_error(aws: Fake) -> None:
    aws.refuses("cloudtrail", "delete_trail", "TrailNotFoundException")

    run(work(aws, "trail", "Delete", when_removed="switch_off"), pause=never)


def test_nobody_is_enrolled_any_more_where_the_deployment_says_so(aws: Fake) -> None:
    aws.answers("guardduty", "list_detectors", {"DetectorIds": [DETECTOR]}, {})
    asked = {
        "DetectorId": DETECTOR,
        "AutoEnableOrganizationMembers": "NONE",
        "Features": [{"Name": name, "AutoEnable": "NONE"} for name in GUARDDUTY["features"]],
    }
    aws.answers("guardduty", "update_organization_configuration", {}, asked)
    scanning_of_new_accounts(aws)
    stop = "stop_telemetry_evaluation_for_organization"
    aws.answers("observabilityadmin", stop, {}, {})

    for service in ("guardduty", "inspector", "telemetry", "security_hub"):
        run(work(aws, service, "Delete", when_removed="switch_off"), pause=never)


def test_rights_that_are_on_their_way_are_waited_for(aws: Fake) -> None:
    aws.refuses("observabilityadmin", STATUS, "AccessDeniedException")
    aws.answers("observabilityadmin", STATUS, {"Status": "RUNNING"}, {})
    waited: list[float] = []

    assert run(work(aws, "telemetry"), clock=ticking(), pause=waited.append) == "was RUNNING"
    assert len(waited) == 1


def test_rights_that_do_not_come_are_an_error_in_the_end(aws: Fake) -> None:
    for _ in range(PATIENCE_S // 10):
        aws.refuses("observabilityadmin", STATUS, "AccessDeniedException")

    with pytest.raises(ClientError, match="AccessDeniedException"):
        run(work(aws, "telemetry"), clock=ticking(), pause=lambda _: None)


def test_another_refusal_is_not_waited_for(aws: Fake) -> None:
    aws.refuses("observabilityadmin", STATUS, "ValidationException")

    with pytest.raises(ClientError, match="ValidationException"):
        run(work(aws, "telemetry"), pause=never)


def event(kind: str, service: str) -> Json:
    return {
        "RequestType": kind,
        "ResourceProperties": {
            "ServiceToken": "arn",
            "Service": service,
            "Region": IRELAND,
            "Choices": json.dumps(CHOICES[service]),
        },
    }


def test_a_service_and_region_keep_their_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in Settings(account=OWN, when_removed="keep").to_env().items():
        monkeypatch.setenv(name, value)

    answered = handler(event("Delete", "guardduty"), Context())  # type: ignore[arg-type]  # a fake of the context

    assert answered["PhysicalResourceId"] == "guardduty-eu-west-1"
    assert answered["Data"]["Report"] == "guardduty stays on; when_removed is keep"
