"""What is found in log groups, and that Config hears of each once."""

import json
from collections.abc import Iterator
from itertools import batched
from typing import Any

import pytest

from lambdas.check_log_groups.check import EvaluationsRefusedError, Request, check
from lambdas.check_log_groups.findings import RULES, LogGroup, Verdict, verdict
from lambdas.check_log_groups.settings import Settings

DOOR = "arn:aws:logs:eu-west-1:111111111111:destination:central-logs"
ELSEWHERE = "arn:aws:logs:eu-west-1:222222222222:destination:siem"
SETTINGS = Settings(door_arn=DOOR, reader_role="reader", excluded=("/central-logs/*", "/scratch/?"))
WHEN = "2026-03-01T12:00:00.000Z"


def group(**changes: Any) -> LogGroup:
    good = LogGroup(
        name="/shop", class_="STANDARD", retention_days=30, in_policy=True, filters_to_door=()
    )
    return good._replace(**changes)


@pytest.mark.parametrize(
    ("finding", "found", "reason"),
    [
        ("retention", group(), ""),
        ("retention", group(retention_days=None), "for ever"),
        ("pipeline", group(), ""),
        ("pipeline", group(in_policy=False, filters_to_door=("a",)), ""),
        ("pipeline", group(in_policy=False), "outside the pipeline"),
        ("pipeline", group(filters_to_door=("mine",)), "by the account policy and by mine"),
        ("pipeline", group(in_policy=False, filters_to_door=("a", "b")), "sent twice: by a, b"),
        ("pipeline", group(class_="INFREQUENT_ACCESS"), "class INFREQUENT_ACCESS"),
        ("pipeline", group(class_="DELIVERY", in_policy=False), "class DELIVERY"),
    ],
)
def test_what_is_wrong_is_said(finding: str, found: LogGroup, reason: str) -> None:
    compliance, said = verdict(finding, found, ())

    assert compliance == ("NON_COMPLIANT" if reason else "COMPLIANT")
    assert reason in said


def test_the_delivery_class_has_a_retention_of_its_own() -> None:
    found = group(class_="DELIVERY", retention_days=None)

    assert verdict("retention", found, ()) == Verdict("NOT_APPLICABLE")


@pytest.mark.parametrize("finding", RULES)
@pytest.mark.parametrize(("name", "excluded"), [("/scratch/a", True), ("/scratch/ab", False)])
def test_an_excluded_log_group_is_not_judged(finding: str, name: str, *, excluded: bool) -> None:
    bad = group(name=name, retention_days=None, in_policy=False)

    found = verdict(finding, bad, SETTINGS.excluded).compliance

    assert found == ("NOT_APPLICABLE" if excluded else "NON_COMPLIANT")


def test_a_reason_fits_an_annotation() -> None:
    many = tuple(f"filter-{'x' * 500}-{n}" for n in range(2))

    assert len(verdict("pipeline", group(filters_to_door=many), ()).reason) == 256


class FakeLogs:
    """An account with log groups, in pages of fifty, and filters and a policy by choice."""

    def __init__(self, *names: str, filters: dict[str, str], policy: dict[str, Any]) -> None:
        self.names = names
        self.filters = filters
        self.policy = policy

    def describe_account_policies(self, **_: str) -> Any:
        return {"accountPolicies": [self.policy] if self.policy else []}

    def describe_subscription_filters(self, *, logGroupName: str) -> Any:
        to = self.filters.get(logGroupName)
        known = [{"filterName": "own", "destinationArn": to}] if to else []
        return {"subscriptionFilters": known}

    def get_paginator(self, _operation: str) -> "FakeLogs":
        return self

    def paginate(self) -> Iterator[Any]:
        for names in batched(self.names, 50, strict=False):
            yield {"logGroups": [{"logGroupName": name} for name in names]}


class FakeConfig:
    """Keeps evaluations, request by request."""

    def __init__(self, failed: int = 0) -> None:
        self.requests: list[Any] = []
        self.failed = failed

    def put_evaluations(self, **request: Any) -> Any:
        self.requests.append(request)
        return {"FailedEvaluations": request["Evaluations"][: self.failed]}

    @property
    def compliance(self) -> dict[str, str]:
        evaluations = [e for request in self.requests for e in request["Evaluations"]]
        return {e["ComplianceResourceId"]: e["ComplianceType"] for e in evaluations}


def asked(finding: str = "pipeline") -> Request:
    return Request.read(
        {
            "accountId": "222222222222",
            "ruleParameters": json.dumps({"finding": finding}),
            "invokingEvent": json.dumps({"notificationCreationTime": WHEN}),
            "resultToken": "token",
        }
    )


def policy(to: str, *left_out: str) -> dict[str, Any]:
    criteria = f"LogGroupName NOT IN {json.dumps(left_out)}"
    document = json.dumps({"DestinationArn": to})
    return {"policyDocument": document} | ({"selectionCriteria": criteria} if left_out else {})


def checked(logs: FakeLogs, config: FakeConfig, finding: str = "pipeline") -> Any:
    return check(asked(finding), logs, config, SETTINGS)  # type: ignore[arg-type]  # fakes of boto3's clients


def test_policy_and_filters_of_the_account_are_seen() -> None:
    config = FakeConfig()
    logs = FakeLogs(
        *("/a", "/b", "/left-out", "/central-logs/x"),
        filters={"/b": DOOR, "/a": ELSEWHERE},
        policy=policy(DOOR, "/left-out"),
    )

    counts = checked(logs, config)

    assert config.compliance == {
        "/a": "COMPLIANT",
        "/b": "NON_COMPLIANT",
        "/left-out": "NON_COMPLIANT",
        "/central-logs/x": "NOT_APPLICABLE",
    }
    assert counts == {"COMPLIANT": 1, "NON_COMPLIANT": 2, "NOT_APPLICABLE": 1}


@pytest.mark.parametrize(
    ("given", "compliance"),
    [(policy(DOOR), "COMPLIANT"), (policy(ELSEWHERE), "NON_COMPLIANT"), ({}, "NON_COMPLIANT")],
)
def test_only_a_policy_to_the_door_covers(given: dict[str, Any], compliance: str) -> None:
    config = FakeConfig()
    checked(FakeLogs("/a", filters={}, policy=given), config)

    assert config.compliance == {"/a": compliance}


def test_config_gets_a_hundred_at_once_with_its_token_and_time() -> None:
    config = FakeConfig()
    names = [f"/{n}" for n in range(201)]
    checked(FakeLogs(*names, filters={}, policy={}), config, "retention")

    assert [len(request["Evaluations"]) for request in config.requests] == [100, 100, 1]
    assert {request["ResultToken"] for request in config.requests} == {"token"}
    assert config.requests[0]["Evaluations"][0] == {
        "ComplianceResourceType": "AWS::Logs::LogGroup",
        "ComplianceResourceId": "/0",
        "ComplianceType": "NON_COMPLIANT",
        "OrderingTimestamp": WHEN,
        "Annotation": "no retention: events are kept, and paid for, for ever",
    }


def test_evaluations_that_config_does_not_take_are_an_error() -> None:
    with pytest.raises(EvaluationsRefusedError, match="1 of 2"):
        checked(FakeLogs("/a", "/b", filters={}, policy={}), FakeConfig(failed=1))


def test_a_rule_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="encryption"):
        checked(FakeLogs("/a", filters={}, policy={}), FakeConfig(), "encryption")
